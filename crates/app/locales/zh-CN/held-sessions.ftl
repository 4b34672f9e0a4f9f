field-held-at = 开讲时间
field-venue-kind = 场所类型
field-people = 到场人数
field-place = 地点
field-plan = 计划
field-lecturer-id = 名录中的主讲人
field-operation = 操作编号
field-items = 所选场次
field-month = 月份

problem-operation-reused = 该操作编号已用于另一次保存，请重新操作。
problem-changed-meanwhile = 您打开之后，这场宣讲已被他人修改。请对照后再保存。
problem-session-void = 这场宣讲已作废，不能再修改。
problem-session-decided = 这场宣讲已不在待核实之列。
problem-organisation-closed-for-sessions = 该单位已撤销，不能再登记宣讲场次。

rule-lies-ahead = 为 { $found }，尚未到来：只登记已经举办的场次
rule-too-early = 为 { $found }；2000 年以前的场次不予登记
rule-not-there = “{ $found }”不存在，或已被占用
rule-fixed = 登记后不能更改
rule-operation = “{ $found }”应为 { $wanted } 个字母、数字或连字符
rule-month-closed = 必须填写：{ $wanted } 已封账，此次更改将列为调整
problem-month-closed-already = 该月份已经封账。
rule-month = “{ $found }”不是月份；请写成 { $wanted } 的样子
rule-not-over = 为 { $found }，该月尚未结束
