field-title = 标题
field-lecturer = 主讲人
field-lecturer-kind = 主讲人身份
field-topic = 主题
field-form = 形式
field-held-on = 授课日期
field-audience = 听课人数
field-abstract = 内容简介
field-script = 讲稿
field-chapters = 章节
field-at-ms = 时间点

problem-organisation-closed = 该单位已撤销，不能再登记新课。
problem-stale = 您读取之后内容已被修改。请重新读取后再修改。

rule-day = “{ $found }”不是日期；请写成 { $wanted } 的样子
rule-too-many = 共 { $found } 个；最多允许 { $wanted } 个
rule-chapters-rise = 时间点须从 0 开始，并依次递增
