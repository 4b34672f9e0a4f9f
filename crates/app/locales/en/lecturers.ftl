nav-lecturers = Lecturers
nav-bookings = Bookings
nav-lecturers-public = Lecturers
lecturers-lead = Everybody who lectures. Find the right person for a topic, look at the calendar, book.
lecturers-words = Name or occupation
lecturers-none = Nobody is registered yet
lecturers-none-text = Register lecturers one by one, or import a table of them.
lecturers-found = { COUNT($n) ->
    [one] One lecturer
   *[other] { $n } lecturers
  }
lecturers-public-lead = People who speak about what they live and work with.
lecturers-public-none = Nobody to show here
lecturers-public-none-text = Lecturers appear here once they have agreed to it.
lecturer-new = Register a lecturer
lecturer-edit = Change a lecturer
lecturer-who = The person
lecturer-reach = How to reach the person
lecturer-organisation-help = When a person moves to another organisation, what was before is kept.
lecturer-about-help = Two or three sentences. They stand on the public page when the person agrees to one.
lecturer-contact-help = Seen only by who keeps or audits this lecturer. Never public.
lecturer-account-help = Sign-in name of the person. With it the person answers bookings; without it the organisation does.
lecturer-state-active = Lecturing
lecturer-state-retired = Retired
lecturer-photo-of = Photo of { $name }
lecturer-photo-help = JPEG or PNG, at most 2 MB. Place, time and camera are removed.
lecturer-photo-choose = Choose a photo
lecturer-photo-keep = Use this photo
lecturer-photo-remove = Remove the photo
lecturer-posts = Organisations
lecturer-merged = Merged into this person
lecturer-unmerge = Undo the merge
lecturer-unmerge-consequence = Both stand for themselves again, with their own lessons and bookings. What was taken over in the merge goes back, unless it was changed since.
lecturer-retire = Retire
lecturer-retire-help = A retired lecturer is no longer found or booked. Lectures and history stay.
lecturer-return = Lectures again
lecturer-return-help = This person is retired and found only by who keeps lecturers.
lecturer-public = Public page
lecturer-public-no = There is no public page: no consent is recorded.
lecturer-public-open = Open the public page
consent-record = Record the consent
consent-help = Who agreed, when, and where the paper is. The public page tells name, kind, description, published lessons, and verified held sessions (title, day, organisation, head count).
consent-given = Agreed on { $at }: { $how }
consent-withdraw = Withdraw the consent
consent-withdraw-consequence = The public page is gone at once.
lecturer-lessons = Lessons
lecturer-lessons-none = None of this person's lessons is in the library yet.
lecturer-number-held = Held sessions
lecturer-number-held-what = Sessions held before people that name this person and count; the public page counts only those that a superior verified.
lecturer-number-people = People present
lecturer-number-people-what = Head counts of those sessions added up; whoever hears two is counted twice.
lecturer-number-library = In the library
lecturer-number-library-what = Lessons of this person that everybody may watch now.
lecturer-number-given = Lectures given
lecturer-number-given-what = Lessons registered for this person, public or not, and booked lectures whose time is over.
lecturer-number-views = Views
lecturer-number-views-what = Thirty seconds really played, or half of a shorter lesson, once per viewer, lesson and 24 hours; all lessons of this person in the library together.
lecturer-number-hours = Hours watched
lecturer-number-hours-what = Time really played, all lessons of this person in the library together.
lectures-given = Lectures given
lectures-held = Held sessions
lectures-lessons = Lessons
lecture-people = { COUNT($n) ->
    [one] one person
   *[other] { $n } people
  }
lectures-none = No lecture that you may see names this person yet.
lectures-more = { COUNT($n) ->
    [one] and one more
   *[other] and { $n } more
  }
term-now = Holds today
term-over = Is over
term-since = since { $day }
term-until = until { $day }
field-lecturer-link = Registered lecturer
lecturer-link-help = Choose from the list, or type the name. Links the lesson to the person's page.
field-topics = Topics
field-term = Term
field-term_from = Term begins
field-term_to = Term ends
field-occupation = Occupation
field-about = About
field-contact = Contact
field-account = Account
field-photo = Photo
field-consent_text = How the person agreed
field-place = Place
field-people = People
field-stars = Stars
field-comment = Comment
field-lecturer_id = Lecturer
field-take = Fields taken over
photo-there = There is a photo
save = Save

lecturers-duplicates = Possible duplicates
lecturers-duplicates-lead = People of one name who may be one person. Compare them; nothing is merged by itself.
lecturers-duplicates-none = No duplicates in sight
lecturers-duplicates-none-text = Nobody among the lecturers that you keep looks like another.
lecturers-compare = Compare
same-nearby = same place in the tree
same-kind = same kind
same-topic = same topic
lecturers-merge = Merge
lecturers-merge-lead = Choose field by field what remains.
lecturers-merge-field = Field
lecturers-merge-stays = Remains
lecturers-merge-goes = Is merged
lecturers-merge-both = Both
lecturers-merge-same = (the same)
lecturers-merge-empty = (empty)
lecturers-merge-other-way = The other way round
lecturers-merge-clash = Both are expected at the same time. After the merge one person has both appointments:
lecturers-merge-consequence = From now on both are one person: lessons, bookings and ratings are counted together. Organisation, account, consent and state of who remains stay as they are. A merge can be undone.

booking-new = Book
booking-for = For
booking-title = What about
booking-note = What the lecturer should know
booking-zone = Times are those of { $zone }.
booking-answer = Answer
booking-send = Send the request
booking-busy = Already booked
booking-busy-none = Nothing in the next 60 days.
booking-for-people = { COUNT($n) ->
    [one] for one person
   *[other] for { $n } people
  }
booking-state-requested = Waits for an answer
booking-state-accepted = Accepted
booking-state-declined = Declined
booking-state-cancelled = Cancelled
booking-state-rated = Took place
booking-reason = Reason
booking-clashes = At the same time:
booking-accept = Accept
booking-accept-help = The time is then taken; other requests for it can no longer be accepted.
booking-decline = Decline
booking-decline-why = Why not
booking-cancel = Take the request back
booking-cancel-why = Why
booking-cancel-consequence = The lecturer is no longer expected.
booking-rate = Rate
booking-rate-how = How was it
booking-comment = In words
stars-5 = excellent
stars-4 = good
stars-3 = fair
stars-2 = weak
stars-1 = poor
rated = Ratings
rated-average = { $average } of 5, from { COUNT($n) ->
    [one] one rating
   *[other] { $n } ratings
}
rated-comments = What was said
bookings-to-answer = To answer
bookings-requested = Asked for
bookings-answered = Answered
bookings-none-to-answer = Nothing waits for an answer
bookings-none-requested = Nothing was asked for yet
bookings-none-answered = Nothing was answered yet
bookings-none-text = Find a lecturer and book.
bookings-none-person = No bookings yet.
bookings-find = Find a lecturer
bookings-calendar = Calendar
bookings-calendar-of = Lectures: { $name }
bookings-of-month = This month
bookings-on = { COUNT($n) ->
    [one] { $day }: one booking
   *[other] { $day }: { $n } bookings
  }
months = Months
month-earlier = The month before
month-later = The next month
calendars = In your own calendar
calendars-help = Subscribe to an address in the calendar of your phone or office. Whoever knows the address can read the calendar, so keep it to yourself.
calendar-address-of = Address of the calendar of { $name }
calendar-make = Make an address
calendar-renew = Another address
calendar-renew-consequence = The present address stops working at once.

lecturers-import-title = Import lecturers
lecturers-import-columns = The first sheet must have the columns name, organisation code and kind; topics, occupation, about, contact, term begins, term ends and sign-in name may follow, in any order. Several topics stand in one cell, parted by commas. A person is known again by name and organisation. At most 20,000 rows.
lecturers-import-consequence = New lecturers are registered without consent to a public page. What a cell leaves empty stays as it is.
lecturers-column-name = name|full name|lecturer
lecturers-column-organisation = organisation code|organization code|organisation|organization|code
lecturers-column-lecturer-kind = kind|lecturer kind|type
lecturers-column-topics = topics|topic
lecturers-column-occupation = occupation|position|job
lecturers-column-about = about|biography
lecturers-column-contact = contact|phone
lecturers-column-term_from = term begins|from|first day
lecturers-column-term_to = term ends|to|until|last day
lecturers-column-account = sign-in name|login|account
job-kind-lecturers-import = Import lecturers

done-lecturer-registered = Registered.
done-lecturer-saved = Saved.
done-consent-recorded = The consent is recorded; there is a public page now.
done-consent-withdrawn = The consent is withdrawn and the public page gone.
done-lecturer-retired = Retired.
done-lecturer-returned = Lectures again.
done-photo-kept = The photo is in use.
done-photo-removed = The photo is removed.
done-lecturers-merged = Merged. Both are one person now.
done-lecturer-unmerged = The merge is undone.
done-booking-requested = The request is on its way.
done-booking-accepted = Accepted.
done-booking-declined = Declined.
done-booking-cancelled = Taken back.
done-booking-rated = Thank you.
done-calendar-renewed = The address is made.

problem-lecturer-merged = This lecturer was merged into another. Go on with that one.
problem-lecturer-retired = This lecturer has retired.
problem-merge-with-itself = Choose two different people.
problem-not-merged = This lecturer is not merged into anybody.
problem-booking-clash = The lecturer is expected elsewhere at that time.
problem-booking-answered = This was answered before.
problem-booking-begun = It has begun already.
problem-booking-not-over = It is not over yet.
rule-term-order = { $found } is before the term begins ({ $wanted })
rule-unknown-account = nobody within reach signs in as “{ $found }”
rule-unknown-lecturer = there is no registered lecturer “{ $found }”
rule-ambiguous-lecturer = “{ $found }” is several people; choose one: { $wanted }
rule-ambiguous-person = the organisation has { COUNT($wanted) ->
    [one] one lecturer
   *[other] { $wanted } lecturers
} called “{ $found }”; merge or rename them first
rule-duplicate-lecturer = “{ $found }” stands in row { $wanted } already
rule-lecturer-kind = there is no kind “{ $found }”
rule-topic = there is no topic “{ $found }”
rule-in-future = must be in the future
rule-booking-too-far = is more than two years ahead
rule-booking-length = must be after the begin, and within 24 hours of it
rule-photo-kind = is no JPEG or PNG, or damaged
rule-photo-pixels = too large: { $found } on a side, at most { $wanted } are taken
rule-too-many-bytes = has { $found }; at most { $wanted } are taken

audit-lecturer-registered = Lecturer registered
audit-lecturer-described = Lecturer described
audit-lecturer-moved = Lecturer moved to another organisation
audit-lecturer-consented = Lecturer's consent recorded
audit-lecturer-consent-withdrawn = Lecturer's consent withdrawn
audit-lecturer-retired = Lecturer retired
audit-lecturer-returned = Lecturer lectures again
audit-lecturer-merged = Lecturers merged
audit-lecturer-unmerged = Merge of lecturers undone
audit-booking-requested = Lecturer asked for
audit-booking-accepted = Booking accepted
audit-booking-declined = Booking declined
audit-booking-cancelled = Booking taken back
audit-booking-rated = Booking rated
audit-calendar-renewed = Address of a calendar made
