kind-province = 省委
kind-city = 市委
kind-county = 县委
kind-township = 乡镇党委
kind-branch = 党支部

level-0 = 省级
level-1 = 市级
level-2 = 县级
level-3 = 乡镇级
level-4 = 支部

lecturer-kind-secretary = 党支部书记
lecturer-kind-official = 党员领导干部
lecturer-kind-teacher = 党校教师
lecturer-kind-model = 先进典型
lecturer-kind-member = 普通党员

topic-theory = 党的创新理论
topic-history = 党史
topic-law = 党规党纪
topic-economy = 经济与业务
topic-village = 乡村振兴
topic-service = 服务群众
topic-culture = 文化传承
topic-safety = 安全

form-lecture = 讲授
form-story = 讲故事
form-dialogue = 对谈
form-on-site = 现场教学
form-micro = 微课
import-column-members = 党员数|党员人数|人数|成员数

venue-room = 会议室
venue-hall = 礼堂
venue-classroom = 教室
venue-square = 文化广场
venue-field = 田间地头
venue-workshop = 车间工地
venue-memorial = 纪念场馆
venue-online = 线上
venue-other = 其他
