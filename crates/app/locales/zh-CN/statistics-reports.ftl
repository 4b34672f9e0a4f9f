report-kicker = 统计报告
report-title-day = 统计日报（{ $period }）
report-title-month = 统计月报（{ $period }）
report-title-quarter = 统计季报（{ $period }）
report-title-year = 统计年报（{ $period }）
report-title-all = 统计报告（{ $period }）
report-title-custom = 统计报告（{ $period }）
report-quarter = { $year }年第{ $quarter }季度
report-year = { $year }年
report-days = 统计期：{ $days }
report-tree = 口径：{ $tree }
report-made = 生成时间：{ $time }
report-before = 增减均与上期相比，上期为 { $days }
report-level = 与上期持平
report-points = { $n } 个百分点
report-chart = 各月{ $metric }
report-silent = 个基层单位尚未开讲
report-more = 另有 { $n } 个，完整名单见“未开讲单位”页面
report-counting = 归属规则
report-page = 第 { $n } 页，共 { $of } 页
report-line = { $name }：{ $number }（{ $trend }）
report-by-mail = 邮件订阅报告
report-by-mail-help = 每月或每季首日早上六时左右，上一期报告将发送至 { $address }。
report-needs-mail = 报告将发送至已确认的邮箱，您的账号尚未设置邮箱。
report-set-mail = 设置邮箱
report-every-month = 每月
report-every-quarter = 每季度
report-format-pdf = PDF
report-format-xlsx = .xlsx
report-subscribed = 已订阅
report-subscribe = 订阅
report-change = 修改
report-end = 退订
report-goes-to = 发送至 { $address }
report-no-right = 您已无权查看该单位的统计，不再发送。
reports-none = 没有订阅
reports-none-text = 在统计页面选择单位，展开“邮件订阅报告”即可订阅。
reports-when = 报告在每月或每季首日生成；当日无权查看该单位统计的，不予发送。
done-report-ended = 已退订。
problem-mail-unproved = 您的账号尚无已确认的邮箱，请先在“我的账号”中设置。
problem-too-many-subscriptions = 您已有 { $most } 项订阅，请先退订其中一项。
unsubscribe-title = 退订统计报告
unsubscribe-done = 已退订，不再向您发送该报告。
report-mail-text =
    { $name }，您好！

    { $headline }

    { $figures }

    报告见附件，也可在页面查看：
    { $page }

    管理我的订阅：{ $own }
    退订此报告：{ $unsubscribe }
