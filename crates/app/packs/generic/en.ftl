kind-province = Province
kind-city = City
kind-county = County
kind-township = Township
kind-branch = Branch

level-0 = Province
level-1 = City
level-2 = County
level-3 = Township
level-4 = Branch

lecturer-kind-secretary = Head of the unit
lecturer-kind-official = Official
lecturer-kind-teacher = Teacher
lecturer-kind-model = Role model
lecturer-kind-member = Member

topic-theory = Theory
topic-history = History
topic-law = Law and discipline
topic-economy = Economy and work
topic-village = Rural development
topic-service = Public service
topic-culture = Culture and heritage
topic-safety = Safety

form-lecture = Lecture
form-story = Storytelling
form-dialogue = Dialogue
form-on-site = On site
form-micro = Short lesson

venue-room = Meeting room
venue-hall = Hall
venue-classroom = Classroom
venue-square = Village square
venue-field = In the field
venue-workshop = Workshop or site
venue-memorial = Memorial or museum
venue-online = Online
venue-other = Elsewhere
