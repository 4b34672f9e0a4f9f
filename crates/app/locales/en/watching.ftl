home-newest = Newest lesson
home-recent = Recently published
home-awarded = Awarded lessons
home-topics = By topic
home-places = By place
home-empty = No lesson is public yet
home-empty-next = The first one appears here as soon as it is cleared.
watch = Watch
all-lessons = All lessons
times-viewed = { COUNT($n) ->
    [one] 1 view
   *[other] { $n } views
}
times-viewed-estimated = { $times } ({ $sure })
lessons-found = { COUNT($n) ->
    [0] No lesson found
    [one] 1 lesson
   *[other] { $n } lessons
}
breadcrumb = Where you are
narrow = Narrow down
search-here = Search in these lessons
remove-choice = Remove: { $name }
nothing-found = No lesson fits
nothing-found-next = Try fewer words, or take a choice back.
pages = Pages
next-page = Next page
facet-topic = Topic
facet-lecturer-kind = Lecturer
facet-form = Form
facet-length = Length
facet-level = Level
facet-award = Award
facet-campaign = Campaign
facet-year = Year
order = Order
order-newest = Newest first
order-viewed = Most viewed
length-short = Under 10 minutes
length-medium = 10 to 30 minutes
length-long = Over 30 minutes
level-n = Level { $n }
share = Share
share-title = Share this lesson
qr-of-page = QR code of this page
link = Link
copy = Copy
copied = Copied
close = Close
lesson-parts = Parts of this lesson
about = About
transcript = Transcript
chapters = Chapters
search-transcript = Search the transcript
follow-playing = Follow the player
number-views = views
number-plays = plays
number-hours = hours watched
number-how = How these are counted
number-definition = A view is 30 seconds really played (half of a shorter lesson), counted once per viewer, lesson and 24 hours. A play is a press on play. Hours are the time really played.
number-estimated = estimated, ± { $percent } %
number-estimated-definition = When very many watch a broadcast, a sample of the viewers reports and each stands for several. What follows ± is the standard error.
more-like-this = More on this topic
problem-forged-token = This playback token is not ours. Nothing was counted.
problem-expired-token = This playback token is too old; reload the page.
problem-unbelievable = { COUNT($seconds) ->
    [one] One second cannot have been played since the page was opened. Nothing was counted.
   *[other] { $seconds } seconds cannot have been played since the page was opened. Nothing was counted.
  }
problem-outside-the-sample = Only some viewers of this broadcast report, and this one is not among them. Nothing was counted.
problem-other-period = How viewers report has changed: report for the period in the broadcast’s state, which is { $period } now. Nothing was counted.
problem-ledger-full = The server has no room to keep views. Nothing was counted; please report again later.
problem-ledger-closed = This program counts no views.
live-state-planned = not yet
live-state-on_air = live
live-state-dropped = signal lost, one moment
live-state-paused = held by the host
live-state-ended = over
live-state-cancelled = called off
live-replay = Watch the recording
live-external = Open at its source
live-next = coming up
live-now-next = Live now and next
live-enter = Watch live
live-look = What it is about
live-room = Chat and questions
live-picture-alone = Very many people are watching, so this page keeps the picture alone. Chat and questions come back by themselves; reload the page to see them.
showing-plan = Schedule a showing
number-people = people in groups ({ $groups })
number-people-definition = A group is one account with several people before one screen; whoever holds it says how many. It counts once per account, lesson and day, can be corrected, and is never part of the views.
