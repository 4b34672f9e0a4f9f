kind-province = 省级
kind-city = 市级
kind-county = 县级
kind-township = 乡镇
kind-branch = 基层单位

level-0 = 省级
level-1 = 市级
level-2 = 县级
level-3 = 乡镇
level-4 = 基层单位

lecturer-kind-secretary = 单位负责人
lecturer-kind-official = 管理干部
lecturer-kind-teacher = 教师
lecturer-kind-model = 先进典型
lecturer-kind-member = 普通成员

topic-theory = 理论学习
topic-history = 历史
topic-law = 法纪教育
topic-economy = 经济与业务
topic-village = 乡村发展
topic-service = 服务群众
topic-culture = 文化传承
topic-safety = 安全

form-lecture = 讲授
form-story = 讲故事
form-dialogue = 对谈
form-on-site = 现场教学
form-micro = 微课

venue-room = 会议室
venue-hall = 礼堂
venue-classroom = 教室
venue-square = 文化广场
venue-field = 田间地头
venue-workshop = 车间工地
venue-memorial = 纪念场馆
venue-online = 线上
venue-other = 其他
