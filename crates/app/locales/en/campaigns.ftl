problem-campaign-closed = This campaign is closed. Reopen it, with a reason, before you change it.
problem-campaign-not-open = More time can only be given while the campaign is open.
problem-campaign-state = A campaign cannot go from “{ $from }” to “{ $to }”.
problem-category-in-use = Lessons were handed in for the category “{ $name }”, so it stays. Nothing was changed.

rule-code = “{ $found }” must be { $wanted } lower-case letters, digits or hyphens
rule-zone = “{ $found }” is not the name of a time zone such as { $wanted }
rule-after = is { $found }; it must be later than { $wanted }
rule-at-the-latest = is { $found }; { $wanted } is the latest possible
rule-too-far = is { $found }; that is more than { $wanted } beyond
rule-within-campaign = is { $found }, outside the campaign, whose limit is { $wanted }
rule-around-stages = would leave a stage outside the campaign; change the stages first
rule-not-before-below = is { $found }, before the level below is done ({ $wanted })
rule-unknown = “{ $found }” does not belong to this campaign
rule-organisation-closed = “{ $found }” is closed and takes nothing new
rule-not-in-campaign = “{ $found }” does not stand below { $wanted }
rule-fixed-once-open = is fixed once the campaign is open: it was { $wanted } and cannot become { $found }
rule-only-later = is { $found }; in an open campaign it may only become later than { $wanted }
rule-kept-once-open = the stage “{ $found }” cannot be removed from an open campaign
rule-only-laxer = people are at work already: an open campaign may only ask for less of “{ $found }”, not for more
rule-submit-stage = the stage in which lessons are handed in is missing
rule-review-stage = the review stage of the campaign’s own organisation is missing
rule-in-the-future = is { $found } and has passed already
rule-moment = “{ $found }” is not a date with a time
rule-duration = “{ $found }” is not a length in minutes such as 8 or { $wanted }

field-theme = What it is about
field-zone = Time zone
field-opens-at = Opens
field-closes-at = Closes
field-approvals = Editors who approve
field-position = Place in the list
field-slots = What is handed in
field-slot = Kind of material
field-kinds = Kinds of file
field-video-codecs = Coding of the picture
field-audio-codecs = Coding of the sound
campaign-codecs-help = Tick nothing, and any that we can play will do.
field-most = Files at most
field-max-bytes = Size of a file
field-min-seconds = Length at least (minutes, such as 8 or 8:30)
field-max-seconds = Length at most (minutes)
field-min-width = Width at least (pixels)
field-min-height = Height at least (pixels)
field-aspect = Shape, such as 16:9
field-min-kbps = Bit rate at least (kbit/s)
field-max-kbps = Bit rate at most (kbit/s)
field-min-chars = Characters of the script at least
field-max-chars = Characters of the script at most
field-required = Required
field-depth = Level
field-grace-s = Grace
field-amount = Amount
field-category = Category
field-body = Text
field-until-at = Until
field-reason = Reason
field-years = Years to move the dates by
field-days = Days to move the dates by
field-categories = Categories
field-stages = Stages
field-state = State

campaigns = Campaigns
campaigns-own = Run by us
campaigns-above = Calls for us
campaigns-below = Run by subordinates
campaigns-none = There is no campaign yet
campaigns-none-create = Write the first one, or copy last year’s once it is here.
campaigns-none-wait = As soon as your organisation or a superior opens one, it stands here.
campaigns-next = Earlier campaigns
campaign-state-draft = Draft
campaign-state-open = Open
campaign-state-closed = Closed
campaign-from-to = { $from } – { $to }
campaign-kind-submit = Handing in
campaign-kind-review = Review
campaign-stage = Stage
campaign-stage-submit = Handing in
campaign-stage-review = Review by { $level }
campaign-stages = Stages and deadlines
campaign-opens = Opens
campaign-closes = Closes
campaign-grace = { COUNT($minutes) ->
    [one] and one minute of grace
   *[other] and { $minutes } minutes of grace
  }
campaign-grace-hours = { COUNT($hours) ->
    [one] and one hour of grace
   *[other] and { $hours } hours of grace
  }
campaign-grace-minutes = Grace (minutes)
campaign-gate-not-yet = Lessons can be handed in from { $at }.
campaign-gate-open = Lessons can be handed in until { $at }.
campaign-gate-grace = The deadline has passed; what is late is still taken until { $at }.
campaign-gate-closed = Handing in ended on { $at }.
campaign-deadline = Your deadline
campaign-not-yours = Your organisations hand in nothing here.
campaign-days = days
campaign-hours = hours
campaign-minutes = min
campaign-seconds = s
campaign-submit = Register and submit a lesson
campaign-submit-clerk = A clerk of your organisation can hand in lessons.
campaign-asked = What is asked
campaign-no-categories = There are no categories yet.
campaign-places = Your organisation may pass on { $amount } of the lessons in this category.
campaign-places-percent = Your organisation may pass on { $amount } % of the lessons that arrive in this category, rounded up.
campaign-required = required
campaign-optional = optional
campaign-most = { COUNT($n) ->
    [one] one file
   *[other] up to { $n } files
  }
campaign-slot-line = { $slot }: { $rules }
campaign-seconds-least = at least { $least } long
campaign-seconds-most = at most { $most } long
campaign-seconds-between = { $least } to { $most } long
campaign-kbps-least = at least { $least } kbit/s
campaign-kbps-most = at most { $most } kbit/s
campaign-kbps-between = { $least } to { $most } kbit/s
campaign-chars-least = { COUNT($least) ->
    [one] at least one character
   *[other] at least { $least } characters
  }
campaign-chars-most = { COUNT($most) ->
    [one] at most one character
   *[other] at most { $most } characters
  }
campaign-chars-between = { $least } to { $most } characters
campaign-width-least = { COUNT($least) ->
    [one] at least one pixel wide
   *[other] at least { $least } pixels wide
  }
campaign-height-least = { COUNT($least) ->
    [one] at least one pixel high
   *[other] at least { $least } pixels high
  }
campaign-bytes-most = at most { $most } a file
campaign-consents = Consents
campaign-revision = Revision { $n }
campaign-extensions = More time

campaign-new = New campaign
campaign-new-help = Start with the basics. Categories, stages, quotas and consents follow on the next page; nobody else sees the draft until you open it.
campaign-create = Create the draft
campaign-cancel = Cancel
campaign-edit = Edit
campaign-view = View
campaign-save = Save
campaign-change = Change
campaign-basics = Basics
campaign-title = Title
campaign-run-by = Run by
campaign-code-help = 2 to 40 lower-case letters, digits and hyphens, such as spring-2027; it cannot change later.
campaign-zone-help = All deadlines of this campaign are typed in this zone.
campaign-approvals-help = How many different editors must approve before a lesson is published.
campaign-open = Open the campaign
campaign-open-consequence = When you open it, everyone below sees the call and its deadlines count. From then on stages can only become longer and material rules laxer.
campaign-close = Close the campaign
campaign-close-consequence = When you close it, nothing more can be handed in or judged. What was published stays. You can reopen it, with a reason.
campaign-reopen = Reopen
campaign-reopen-consequence = This campaign is closed. Reopening needs a reason, which the audit trail keeps.
campaign-open-help = The campaign is open: titles and quotas may change, deadlines only move later, material rules only become laxer, and a category that lessons were handed in for stays.
campaign-short = The call leaves people less than seven days to hand in.
campaign-category = Category
campaign-categories = Categories and material rules
campaign-category-add = Add a category
campaign-category-remove = Remove this category
campaign-category-remove-consequence = Removes the category with its quotas. Once a lesson was handed in for it, it can no longer be removed.
campaign-slots-help = Choose what is to be handed in. A bound that you leave empty does not bind.
campaign-asked-for = Asked for
campaign-not-asked = not asked for
campaign-bounds = What it must be like
campaign-megabytes = Size of a file at most (MB)
campaign-stages-help = Times are those of { $zone }. Leave a level empty and it follows the level above it. No level may close before the one below it.
campaign-level = Level
campaign-quotas = Quotas
campaign-quotas-help = How many lessons an organisation of a level may pass on in a category; the highest level selects. Leave the amount empty for no limit.
campaign-quota-kind = Counted as
campaign-quota-number = a number of places
campaign-quota-percent = percent of what arrives
campaign-quota-members = one place per so many members
campaign-consents-help = What a submitter agrees to. A changed text becomes a new revision; earlier answers keep the words they were given for.
campaign-consent-title = What it is about
campaign-consent-required = Nothing can be submitted without it
campaign-consent-add = Add a consent
campaign-consent-save = Save as a new revision
campaign-consent-remove = Ask for it no more
campaign-consent-remove-consequence = New submissions are no longer asked for it. Those who gave it keep their text.
campaign-extensions-help = Gives one organisation more time. The time is that of { $zone }; the reason is kept.
campaign-extension-organisation-help = Search by name, or type the organisation’s code.
campaign-extension-kind = For
campaign-extend = Give more time
campaign-copy = Copy this campaign
campaign-copy-help = Makes a draft with the same categories, stages, quotas and consents, every date moved: last year’s becomes this year’s.
campaign-copy-title = New title (empty: the same)

slot-video = Video
slot-script = Script
slot-slides = Slides
slot-photos = Photos
slot-supplement = Supplement

done-campaign-created = The draft is there. Now say what is to be handed in and when.
done-campaign-saved = Saved.
done-campaign-stages-set = The stages are saved.
done-campaign-quotas-set = The quotas are saved.
done-campaign-consent-saved = The consent is saved.
done-campaign-consent-retired = The consent is no longer asked for.
done-campaign-category-saved = The category is saved.
done-campaign-category-removed = The category is removed.
done-campaign-extended = More time was given.
done-campaign-now-open = The campaign is open.
done-campaign-now-closed = The campaign is closed.
done-campaign-copied = This is the copy: a draft with every date moved.
campaign-narrowed-title = Who alone decides here
campaign-narrowed-help = Where nobody is named, everybody acts whose role allows it. As soon as you name somebody, only those who are named give that organisation's verdicts (reviewer), or clear what was selected (editor, for the organisation that runs the campaign). Naming grants nothing: the person must hold the role already.
campaign-narrow = Name this person
campaign-narrowed-remove = Name no more
done-campaign-narrowed = From now on only those who are named act there.
done-campaign-widened = Removed.
rule-lacks-role = “{ $found }” does not hold this role at this organisation
rule-only-the-runner = only { $wanted }, which runs the campaign, clears lessons
campaign-burden = Fields asked by this campaign: { $fields } (about { $minutes } min) of each grassroots organisation, { $organisations } in all; about { $hours } h, if each hands in one lesson
campaign-burden-category = { $name }: fields { $fields }, about { $minutes } min
campaign-burden-what = Counted is what is required and cannot be filled in by the system; times are estimates. Of several categories the one that asks most is counted.
