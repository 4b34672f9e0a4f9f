# Words that several pages of the desk share.
edit = Edit
cancel = Cancel
choose = Please choose
optional = (optional)
not-given = nothing yet
page-first = First page
page-next = Next page
list-comma = { ", " }
filter-all = All
filter-show = Show
filter-clear = Clear the filters
field-campaign = Campaign
field-due = Due date
field-verdict = Verdict
field-chosen = Chosen submissions

time-over = over
time-minutes = { COUNT($n) ->
    [one] in one minute
   *[other] in { $n } minutes
}
time-hours = { COUNT($n) ->
    [one] in one hour
   *[other] in { $n } hours
}
time-days = { COUNT($n) ->
    [one] in one day
   *[other] in { $n } days
}
unit-days = days
unit-hours = hours
unit-minutes = min
unit-seconds = sec

gate-not-yet = Opens on { $at }
gate-open = Open: { $until }
gate-grace = Late, still taken: { $until }
gate-closed = Closed since { $at }
gate-never = There is no such stage in this campaign


# My desk
greeting-morning = Good morning, { $name }
greeting-noon = Hello, { $name }
greeting-afternoon = Good afternoon, { $name }
greeting-evening = Good evening, { $name }
desk-summary-none = Nothing waits for you.
desk-summary = { COUNT($n) ->
    [one] One thing waits for you.
   *[other] { $n } things wait for you.
}
desk-summary-until = Waiting for you: { $n }. The nearest deadline is { $until }.
desk-register = Register a lecture
desk-waiting = Waiting for me
desk-all-reviews = The whole queue
desk-nothing-waits = All done
desk-nothing-waits-text = What is sent to you, or comes back to you, will stand here with its deadline.
desk-drafts = My drafts
desk-all-submissions = All drafts
desk-no-drafts = No drafts
desk-no-drafts-text = Register a lecture first, then upload its recording. A phone will do.
desk-places = Places left
desk-campaigns = Open campaigns
desk-no-campaigns = No campaign is open to you at the moment.
act-review = Review
act-look = Look
act-change = Change
act-continue = Continue
act-open = Open
act-clear = Clear
draft-lacks = { COUNT($n) ->
    [one] one thing is missing
   *[other] { $n } things are missing
}
draft-complete = complete, ready to submit
line-from = from { $name }
line-at = now at { $name }
line-changed = changed { $at }
line-revision = Revision { $n }
line-rank = Rank { $n }
line-due = due { $until }
line-returned-by = Returned by { $name }
line-handed-in = submitted { $at }

# Lists
list-empty = No submissions yet
list-empty-text = What your organisations submit will stand here.
list-none-fit = Nothing fits these filters
list-none-fit-text = Choose others, or clear them.
queue = Queue
queue-title = Waiting: { $n }
queue-list = As a list
queue-empty = Nothing waits for a verdict
queue-empty-text = New submissions appear here when they are sent to your organisation.

# A new submission
new-lead = Choose where it belongs. You can save the draft and continue at any time.
new-choose-campaign = Which campaign?
new-no-campaign = No campaign is open
new-no-campaign-text = As soon as one opens for your organisation, you can register lectures here.
new-title-help = What viewers see first, at most 200 characters.
new-create = Create the draft
category-needs = Needs: { $list }

# The editor
editor-about = About the lecture
editor-abstract-help = Some sentences for viewers, at most 2,000 characters.
editor-script = Script
editor-chapters = Chapters
editor-chapters-help = One a line: the moment, a space, the title. Example: 12:30 Three failures of a seed
editor-consents = Consents
editor-preview = Preview and submit
editor-save = Save the draft
editor-others = { $names } also has this page open
editor-others-text = Whoever saves second is told, and nothing is overwritten.
autosave-at = Saved at { $at }
consent-revision = Revision { $revision }
consent-read = Read the text
checklist = Checklist
script-between = The text as it is spoken, { $least } to { $most } characters.
script-at-least = { COUNT($least) ->
    [one] The text as it is spoken.
   *[other] The text as it is spoken, at least { $least } characters.
  }
script-at-most = { COUNT($most) ->
    [one] The text as it is spoken, one character.
   *[other] The text as it is spoken, at most { $most } characters.
  }
script-free = The text as it is spoken.
upload-choose = Drop the file here, or choose it
upload-another = Add or replace a file
upload-plain-help = Save the draft first. The file goes in one piece and has at most { $most }; if the line breaks, it must be sent again.
upload-plain-choose = Choose a file
upload-plain-send = Upload this file
versions-help = A lecture can come in several versions. Reviewers and viewers see the most finished one that is checked: for broadcast, else polished, else as filmed.
version-none = Not there yet; nothing is missing without it.
version-shown = Reviewers and viewers see this version
version-upload-polished = Upload the polished version
version-replace-polished = Replace the polished version
version-upload-broadcast = Upload the version for broadcast
version-replace-broadcast = Replace the version for broadcast
wanted-between = { $least } to { $most }
wanted-at-least = at least { $least }
wanted-at-most = at most { $most }
wanted-files = { COUNT($most) ->
    [one] one file
   *[other] up to { $most } files
  }
file-checking = Checking
file-checking-note = Its hash is computed and its contents are examined. You can leave this page.
file-refused = Refused
file-unfit = Breaks a rule
file-ready = Checked
file-making = Being prepared for playing; this does not delay submitting.
file-playable = Can be played.
file-breaks = This file
file-cleaned = Place, time and camera details were removed from the photo. The picture itself is unchanged.
file-cleaned-sent = The photo is kept without place, time and camera details. As it was sent it had:
captions = Captions
captions-none = No captions yet.
captions-add = Add captions
captions-language = Language
captions-label = Name in the menu
captions-file = Caption file
captions-help = WebVTT (.vtt) or SubRip (.srt)
captions-save = Save the captions
rule-chapter-line = line { $wanted }: “{ $found }” is not a moment and a title such as 12:30 Title
rule-number-range = is { $found }; it must be { $wanted }

# Preview and receipt
preview = Preview
preview-lead = This is what the reviewer will see. Check it once more, then submit.
submit-now = Submit
submit-back = Back to the editor
submit-consequence = It goes to { $name } as it stands here. You get a receipt with the hashes of all files. Until somebody opens it there, you can pull it back.
submit-incomplete = As long as the list above is not complete, or the campaign is not open, it cannot be submitted.
receipt = Receipt
receipt-number = Number of the receipt
receipt-from = Submitted by
receipt-revision = Revision
receipt-code = QR code that leads to this receipt
receipt-print = Print
receipt-verify = Verify a receipt
receipt-verify-text = Type the number printed on the receipt. Large and small letters are the same.
receipt-check = Verify
receipt-unknown = There is no receipt { $number }
receipt-unknown-text = Compare it with the paper letter by letter: the number contains a check character, so a slip is always noticed.
receipt-means = This receipt proves what was submitted, and when. A file is the one submitted if its SHA-256 is one that is named here.

# One submission
answers = Answers
files = Files
files-none = No files.
recordings = Versions of the recording
revisions = Revisions
diff-title = Changes from revision { $from } to { $to }
diff-tab = Changes
diff-was = Before
diff-now = Now
journey = Journey
journey-none = It has not been submitted yet.
now-possible = What you can do now
move-review = Give the verdict
pull-back-consequence = It comes back to you, and its place is free again. This works until somebody opens it.
withdraw-consequence = It leaves the campaign for good. Its places become free again for others.
withdraw-why = Why is it withdrawn?
standing-draft = This is a draft. Nobody reviews it yet.
standing-in-review = It is with { $name } for review.
standing-returned = { $name } returned it. Change it and submit it again.
standing-kept = { $name } keeps it; it goes no further in this campaign.
standing-rejected = { $name } rejected it.
standing-selected = It was selected.
standing-selected-text = { COUNT($n) ->
    [one] It is published when one editor has approved it.
   *[other] It is published when { $n } editors have approved it.
  }
standing-published = It is in the public library.
standing-withdrawn = It was withdrawn.
remark-general = In general
hop-submitted = { $name } submitted it
hop-waiting = With { $name }
hop-recommended = { $name } recommended it
hop-recommended-ranked = { $name } recommended it, rank { $rank }
hop-selected = { $name } selected it
hop-selected-ranked = { $name } selected it, rank { $rank }
hop-returned = { $name } returned it
hop-kept = { $name } kept it
hop-rejected = { $name } rejected it
hop-pulled-back = It was pulled back from { $name }
hop-withdrawn = It was withdrawn while with { $name }
hop-arrived = arrived { $at }
hop-opened = opened { $at }
hop-unopened = not opened yet
player-missing = No recording
player-missing-text = Nothing has been uploaded that could be played.
player-preparing = The recording is being prepared
player-preparing-text = It can be played in some minutes. Reload the page then.
player-preparing-percent = { $percent } % are done. Reload the page in some minutes.

# Review
verdict = Verdict
verdict-do-recommend = Recommend
verdict-do-select = Select
verdict-do-return = Return
verdict-do-keep = Keep
verdict-do-reject = Reject
verdict-reason = Reason
verdict-words = In your words
opinion = Opinion that goes with the verdict
keep-consequence = It stays here and goes no further in this campaign.
reject-consequence = It is refused for good. Its owner sees the reason and your words.
return-consequence = Its owner gets it back with your reason and remarks, and submits it to you again.
return-due = Wanted back by
return-due-zone = Time zone: { $zone }
return-remarks = Remarks on fields
return-remarks-help = Your notes at moments of the recording go along as well.
return-remark-field = Field
return-remark-text = What should be changed
notes-title = Notes at moments
notes-help = They go along with a return.
note-add = Note this moment
note-remove = Remove this note
review-decided = There is nothing to decide here now
review-decided-text = The verdict has been given, or its owner is working on it.
review-closed = You can look, but not decide yet or any more
recommend-to = To { $name }
select-here = The last decision
places-left = Left
places-words = { COUNT($places) ->
    [one] { $left } of one place left
   *[other] { $left } of { $places } places left
  }
places-unlimited = no limit on places
keys = Keys
keys-move = Next, previous
rank = Ranking
rank-lead = The order of { $name } in “{ $category }”, the best first. It goes along with the recommendation.
rank-empty = Nothing to rank
rank-empty-text = What waits for your verdict, or was kept or recommended, is ranked here.
rank-cut = No places below this line
rank-reserve = Reserve
rank-up = Up:
rank-down = Down:
rank-keys = Drag the lines, or press Alt with the arrow keys. The order is saved by itself.
batch-title = One verdict for several
batch-help = Tick lines above. You see first what would happen; nothing changes before you confirm.
batch-choose = Choose
batch-reason-when = (for a return or a rejection)
batch-preview = Preview
batch-none = Nothing was chosen
batch-none-text = Tick at least one line of the ranking.
batch-outcome = What happens
batch-lead = { COUNT($n) ->
    [one] One submission. Confirm, and it happens.
   *[other] { $n } submissions. Confirm once, and all of it happens together.
  }
batch-lead-refused = { COUNT($n) ->
    [one] One of them stands in the way, so nothing can be confirmed. Go back and untick it.
   *[other] { $n } of them stand in the way, so nothing can be confirmed. Go back and untick them.
  }
batch-confirm = { $verdict }: { $n }
batch-will-recommend = is recommended
batch-will-return = is returned
batch-will-keep = is kept
batch-will-reject = is rejected

# Clearance
clearance-empty = Nothing waits for clearance
clearance-empty-text = What is selected stands here until enough editors have approved it.
clearance-note = Note
clearance-approve = Approve
award = Award
award-text = For what was selected or published; the library and the statistics show it at once. Each work has one award at most.
award-level = Level
award-give = Give
award-change = Change the level
award-take-back = Take the award back
clearance-unpublish = Unpublish
clearance-unpublish-text = It leaves the public library at once. To go back there it needs all approvals anew.
approvals-so-far = { COUNT($wanted) ->
    [one] { $given } of one approval
   *[other] { $given } of { $wanted } approvals
  }
approval-first = First review
approval-nth = Review { $n }
approval-final = Final review
approval-open = open
approve-more = Your name and the time are kept. Further approvals by others follow.
approve-last = This is the last approval: it goes to the public library at once.
approve-once = You have approved it. The next approval must come from somebody else.

# What was done
done-started = The draft is there. What you type is saved by itself.
done-draft-saved = The draft is saved.
done-submitted = It is submitted. Keep this receipt.
done-pulled-back = It is back with you.
done-withdrawn = It is withdrawn.
done-recommended = Recommended.
done-selected = Selected.
done-returned = Returned.
done-kept = Kept.
done-rejected = Rejected.
done-ranked = The order is saved.
done-batch = The verdicts are given.
done-approved = Your approval is recorded.
done-published = Approved and published.
done-unpublished = It is no longer public.
done-awarded = The award is given.
done-award-taken-back = The award is taken back.

# Lessons of my organisations
nav-lessons = All lessons
field-words = Title or lecturer
field-publicity = In the library
publicity-never = Not public
publicity-public = Public
publicity-taken-back = Taken down
line-registered = registered { $at }
line-submission = submission: { $state }
act-watch = Watch
lessons-empty = No lessons yet
lessons-empty-text = Every lesson that your organisations register will stand here, whether it is public or not.
