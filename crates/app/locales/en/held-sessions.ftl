nav-held-sessions = Sessions
held-sessions = Held sessions
held-lead = Lectures that were held before people: recorded once, verified by the superior, counted by the day they were held.
held-ledger = Ledger
held-new = Record a session
held-correct = Correct
held-save = Save
held-filter = Filter
held-from = Held from
held-to = Held until
held-none = No session has been recorded yet
held-none-text = Record the first one: the form is filled in from the last time by itself.
held-people = { COUNT($n) ->
    [one] One person
   *[other] { $n } people
  }
held-state-registered = Registered
held-state-verified = Verified
held-state-returned = Returned
held-state-void = Void
held-what = What was held
held-kind = What kind
held-not-said = Not said
held-also = Photos and note
held-note = Note
held-photos = Photos
held-photos-help = JPEG, PNG or WebP, at most nine of 8 MB. Place, time and owner are removed.
held-photos-later = Photos can be added once it is saved.
held-photos-none = No photo was added.
held-photos-add = Add photos
held-photos-send = Send
held-photo-alt = Photo { $n } of the session
held-photo-remove = Remove
held-photo-remove-text = The photo is removed for good.
held-reason = Why
held-reason-when = (needed where the month is closed)
held-was-returned = It came back to be corrected
held-conflict = What differs
held-conflict-field = Field
held-conflict-mine = You typed
held-conflict-theirs = It says now
held-conflict-text = Save again to put yours over what is there, or take over what you find right.
held-recorded = What was recorded
held-history = History
held-not-counted = Not counted
held-decided = { $who }, { $when }
held-revision = Version { $n }: { $state }
held-checks = Worth a second look
held-check-two-places = The lecturer is recorded at another place at the same time:
held-check-same-photo = The same photo belongs to another session:
held-check-crowded = More than three times the members of the organisation, which are { $n }.
held-check-twin = The same start and title are recorded twice:
held-verification = To verify
held-verification-lead = What was recorded below you and waits for your word.
held-nothing-waits = Nothing waits
held-nothing-waits-text = Whatever is recorded or corrected below you comes here.
held-nothing-left = None of them waits any more
held-choose = Choose
held-batch-help = You see what changes before it is done.
held-verify = Verify
held-return = Return
held-void = Void
held-back = Return or void
held-verify-consequence = It stays counted, and is marked as verified by you.
held-return-consequence = It goes back to who recorded it and is not counted until it is corrected.
held-void-consequence = Voiding is final: it stays in the ledger and is never counted again.
held-also-waits = Also waiting
held-verify-lead = { COUNT($n) ->
    [one] One session with { $people } people
   *[other] { $n } sessions with { $people } people
  } will be marked as verified. Figures stay as they are.
held-return-lead = { COUNT($n) ->
    [one] One session goes
   *[other] { $n } sessions go
  } back; figures fall by { $people } people until corrected.
held-void-lead = { COUNT($n) ->
    [one] One session is
   *[other] { $n } sessions are
  } voided for good; figures fall by { $people } people.
held-gone = { COUNT($n) ->
    [one] One of the chosen has
   *[other] { $n } of the chosen have
  } changed meanwhile and stays as it is.
held-plans = Plans
held-plans-lead = What is planned in a month, and what became of it.
held-plans-around = Other months
held-plans-none = Nothing is planned in this month
held-plans-none-text = Plan a session below; once it is held, its form is filled in from the plan.
plan-outcome-planned = Planned
plan-outcome-held = Held
plan-outcome-missed = Missed
plan-outcome-cancelled = Cancelled
plan-outcome-added = Added
plan-new = Plan a session
plan-make = Plan it
plan-change = Change
plan-save = Save the plan
plan-cancel = Call it off
plan-cancel-why = Why it is called off
plan-remove = Remove the plan
plan-remove-text = The plan disappears, as if it had never been made. To keep its trace, call it off instead.
held-months = Closed months
held-months-lead = Once a month is closed, changes of its figures say why and show as adjustments.
held-months-of = Months closed for { $name }
held-months-none = No month is closed yet.
held-month-close = Close the month
held-month-consequence = The month is closed for the organisation and everything below it. There is no way back.
held-month-closed-by = { $who }, { $when }
held-adjustments = Adjustments
held-adjustments-lead = As it was closed is what is now, less these.
held-adjustments-none = Nothing changed after closing.
held-adjusted-sessions = Sessions
held-adjusted-people = People
held-adjusted-when = Changed
done-held-saved = Saved.
done-held-photo-added = The photos were added.
done-held-photo-removed = The photo was removed.
done-held-verified = Verified.
done-held-returned = Returned.
done-held-void = Voided.
done-held-batch = All of it is done.
done-plan-made = It is planned.
done-plan-changed = The plan was saved.
done-plan-cancelled = The plan was called off.
done-plan-removed = The plan was removed.
done-month-closed = The month is closed.

field-held-at = Began at
field-venue-kind = Kind of venue
field-people = Head count
field-place = Place
field-plan = Plan
field-lecturer-id = Lecturer in the register
held-lecturer-help = Choose from the register, or type the name; the only lecturer of that name nearby is linked by itself.
field-operation = Operation
field-items = Chosen sessions
field-month = Month

problem-operation-reused = This operation was used for another save already. Begin a new one.
problem-changed-meanwhile = Somebody else changed this held session since you opened it. Compare, then save again.
problem-session-void = This held session was voided; it cannot be changed any more.
problem-session-decided = This held session does not wait for a decision any more.
problem-organisation-closed-for-sessions = This organisation is closed and records no more held sessions.

rule-lies-ahead = is { $found }, which has not come yet: only what was held is recorded
rule-too-early = is { $found }; nothing before the year 2000 is recorded
rule-not-there = “{ $found }” is not there, or is taken
rule-fixed = is fixed once it is recorded
rule-operation = is “{ $found }”: letters, digits and hyphens alone name an operation, and its length must be { $wanted }
rule-month-closed = is needed: { $wanted } is closed, and the change will be shown as an adjustment
problem-month-closed-already = This month is closed already.
rule-month = “{ $found }” is not a month; write it like { $wanted }
rule-not-over = is { $found }, which is not over yet
problem-photo-too-large = A photo may have at most 8 MB.
problem-photo-id-taken = Another photo has this id already.
problem-photos-fixed = The photos of a verified or voided session stay as they are.
problem-too-many-photos = A held session takes { COUNT($most) ->
    [one] one photo
   *[other] { $most } photos
} at most.
problem-plan-settled = This plan is settled: it was held, called off, or its day has passed.
field-photo = Photo
field-day = Day
rule-no-photo = is no photo that can be kept; send { $wanted }
rule-photo-damaged = is damaged after byte { $found }
