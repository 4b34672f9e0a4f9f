state-draft = Draft
state-in-review = In review
state-returned = Returned
state-kept = Kept
state-rejected = Rejected
state-selected = Selected
state-published = Published
state-withdrawn = Withdrawn
award-special = Grand prize
award-first = First prize
award-second = Second prize
award-third = Third prize
award-merit = Merit award

verdict-recommended = Recommended
verdict-selected = Selected
verdict-returned = Returned
verdict-kept = Kept
verdict-rejected = Rejected
verdict-pulled-back = Pulled back
verdict-withdrawn = Withdrawn

move-submit = Submit
move-resubmit = Submit again
move-recommend = Recommend
move-select = Select
move-return = Return
move-keep = Keep
move-reject = Reject
move-pull-back = Pull back
move-withdraw = Withdraw
move-publish = Approve
move-unpublish = Unpublish

reason-incomplete = Something is missing
reason-picture = The picture is not good enough
reason-sound = The sound is not good enough
reason-content = The content needs work
reason-facts = Facts or quotations are wrong
reason-rights = Rights are unclear
reason-format = The format does not fit the call
reason-duplicate = It was handed in before
reason-other = Another reason, see the note

field-video = Video
field-slides = Slides
field-photos = Photos
field-supplement = Supplements
field-remarks = Remarks
field-note = Note
field-due-at = Due date
field-text = Remark
field-consents = Consents
field-submissions = Submissions
field-version = Version seen
field-lesson-version = Version of the lesson seen
field-token = Confirmation

problem-call-not-open = The campaign is not open.
problem-stage-not-yet = This stage begins on { $at }. Until then you can look, but not decide.
problem-stage-over = This stage ended on { $at }. Whoever runs the campaign can grant an extension.
problem-already-opened = A reviewer has opened it already, so it can no longer be pulled back.
problem-not-possible = As it stands now, this is not possible. Reload to see what is.
problem-quota-used-up = All places are taken ({ $places }). Withdraw or pull back another recommendation first.
problem-off-route = The organisation no longer stands below the one that runs the campaign.
problem-already-started = There is a submission of this lesson in this campaign already.
problem-not-editable = It cannot be changed while it is with the reviewers.
problem-category-fixed = It was handed in before, so its category is fixed.
problem-incomplete = It cannot be handed in yet. What is missing is named below; nothing was changed.
problem-own-work = Whoever registered a lesson neither approves it nor gives it an award. Ask a colleague.
problem-already-approved = You approved it already. The next approval must come from another person.
problem-same-award = It has this award already.
problem-nothing-to-play = There is no recording that could be played.
problem-not-playable-yet = The recording is still being prepared for playing. Try again in some minutes.
problem-already-public = This lesson is in the public library already, through another campaign.
problem-batch-refused = { COUNT($refused) ->
    [one] One of them cannot be decided like this, so nothing was changed.
   *[other] { $refused } of them cannot be decided like this, so nothing was changed.
  }

rule-not-with-this-verdict = does not go with the verdict “{ $wanted }”
rule-due-date = must lie in the future, at most { $wanted } days ahead
rule-not-on-desk = “{ $found }” is not before this organisation in this category
rule-not-this-batch = is not the confirmation of this preview; preview again
rule-file-size = has { $found }; at most { $wanted } are allowed
rule-too-short-time = plays { $found }; at least { $wanted } are needed
rule-too-long-time = plays { $found }; at most { $wanted } are allowed
rule-picture-size = has a picture of { $found }; at least { $wanted } are needed
rule-picture-shape = has a picture of { $found }; its shape must be { $wanted }
rule-too-few-kbps = has { $found } kbit/s; at least { $wanted } are needed
rule-too-many-kbps = has { $found } kbit/s; at most { $wanted } are allowed
rule-video-codec = has a picture coded as { $found }; wanted: { $wanted }
rule-audio-codec = has sound coded as { $found }; wanted: { $wanted }
rule-script-too-short = { COUNT($found) ->
    [one] has one character; at least { $wanted } are needed
   *[other] has { $found } characters; at least { $wanted } are needed
  }
rule-script-too-long = { COUNT($found) ->
    [one] has one character; at most { $wanted } are allowed
   *[other] has { $found } characters; at most { $wanted } are allowed
  }
rule-file-missing = is missing; wanted: { $wanted }
rule-too-many-files = { COUNT($wanted) ->
    [one] are { $found } files; one is allowed
   *[other] are { $found } files; at most { $wanted } are allowed
  }
rule-file-refused = “{ $found }” was refused when it was checked; upload another file
rule-still-checking = “{ $found }” is still being checked
rule-consent-missing = the consent “{ $wanted }” is not given
rule-moved-meanwhile = has changed since the preview
rule-not-possible = is in another state now
rule-forbidden = is not yours to decide
rule-not-found = is not there, or not for you to see
rule-quota-used-up = finds no free place
rule-stage-not-yet = its stage has not begun
rule-stage-over = its stage is over
rule-call-not-open = its campaign is not open
rule-off-route = its organisation no longer stands below the one that runs the campaign
