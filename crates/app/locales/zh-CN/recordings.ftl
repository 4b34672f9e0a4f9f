field-file = 文件
field-filename = 文件名
field-lesson = 课程
field-slot = 文件位置
field-variant = 版本
field-captions = 字幕
field-language = 语言
field-label = 名称

slot-video = 视频
slot-script = 讲稿
slot-slides = 课件
slot-photos = 照片
slot-supplement = 补充材料
variant-field = 现场版
variant-polished = 精编版
variant-broadcast = 播出版
material-state-checking = 正在检查
material-state-ready = 已就绪
material-state-refused = 未通过检查
done-captions-kept = 字幕已保存。
done-file-taken = 文件已收到，正在检查。

problem-tus-version = 本服务器只支持 tus 1.0.0。
problem-upload-too-large = 文件有 { $found } 字节；最多接收 { $wanted } 字节。
problem-upload-overrun = 收到的字节超过了声明的大小（{ $wanted }）。本次请求的内容未保留，之前已收到的仍在。
problem-upload-wrong-offset = 请从第 { $offset } 字节处继续上传。
problem-upload-checksum-algorithm = Upload-Checksum 须为 { $wanted } 之一，且校验值长度相符。
problem-upload-checksum = 传输途中数据损坏：校验值不一致。本次请求的内容未保留，请重新发送。
problem-upload-taken-over = 另一个请求正在继续这次上传。已收到的内容会保留。
problem-upload-interrupted = 线路中断。已收到的内容会保留，可从断点继续。
problem-upload-form-interrupted = 文件尚未传完线路就断了，未保留任何内容。请重新上传。
problem-upload-form-too-large = 不使用脚本时，文件最大 { $wanted } 字节。未保留任何内容。请换用支持 JavaScript 的浏览器，可上传更大的文件，断线后也能续传。
problem-upload-expired = 这次上传搁置太久，已被清除。请重新上传。
problem-upload-complete = 这次上传已经结束：已完成或已取消。
problem-upload-parts = 只能用您自己已传完的分段合并文件，每段一次。
problem-disk-full = 服务器磁盘已满。已收到的内容会保留，腾出空间后可继续上传。请告知管理员。
problem-material-not-ready = 该文件仍在检查，或未通过检查。

rule-empty-file = 是空文件，没有任何内容
rule-not-an-id = “{ $found }”不是有效的编号；编号以 { $wanted } 开头
rule-file-kind = 是 .{ $found } 文件；需要：{ $wanted }
rule-file-content = 内容与文件名不符：内容是{ $found ->
    [pdf] PDF
    [docx] 文字文档
    [pptx] 演示文稿
    [jpg] JPEG 图片
    [png] PNG 图片
   *[other] 未知格式
  }，文件名却是 { $wanted }
rule-broken-photo = 已损坏：从第 { $found } 字节起无法读作图片。请重新导出或复制后再上传。
rule-disguised-playlist = “{ $found }”是指向其他文件的播放列表，不是录像。需要：{ $wanted }
rule-not-media = 不论文件名如何，“{ $found }”不是视频或录音。需要：{ $wanted }
rule-no-tracks = “{ $found }”既没有画面也没有声音。需要：{ $wanted }
rule-truncated = “{ $found }”不完整，结尾缺失。请重新导出或复制后再上传。
rule-too-many-pixels = 画面为 { $found } 像素；总像素最多 { $wanted }
rule-too-long-recording = 时长 { $found } 分钟；最多 { $wanted } 分钟
rule-not-examined = 尝试三次仍无法检查该文件。请重新导出，或告知管理员。
rule-language-tag = “{ $found }”不是语言代码；例如 { $wanted }
rule-captions-too-large = 太大：字幕文件最多 1 MiB
rule-captions-not-utf8 = 第 { $found } 行：文字须为 UTF-8 编码
rule-not-captions = 既不是 WebVTT 也不是 SubRip 字幕
rule-captions-empty = 里面没有字幕
rule-too-many-captions = 字幕超过 20,000 条（第 { $found } 行）
rule-caption-bad-time = 第 { $found } 行：时间须写成 00:00:00.000 --> 00:00:00.000
rule-caption-ends-before-start = 第 { $found } 行：字幕的结束时间须晚于开始时间
rule-captions-out-of-order = 第 { $found } 行：字幕须按开始时间排列
