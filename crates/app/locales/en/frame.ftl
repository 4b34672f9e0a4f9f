product = Kaijiang
skip-to-content = Skip to content
search = Search
search-lessons = Search lessons, lecturers, topics
sign-in = Sign in
sign-out = Sign out
switch-language = 中文
back-to-start = Back to the start
sign-in-desk = Sign in to your desk
watch-without-sign-in = Watching needs no account.
nav-home = Home
nav-places = Places
nav-more = More
nav-manage = Administration
footer-watch = Watch
footer-take-part = Take part
footer-help = Help
footer-receipts = Verify a receipt
footer-zone = All times are Beijing time (UTC+8) unless they say otherwise.
elder = Large type
nav-main = Main
nav-catalogue = Library
nav-desk = My desk
nav-submissions = Lessons
nav-review = Review
nav-clearance = Clearance
nav-statistics = Statistics
nav-campaigns = Campaigns
nav-organisations = Organisations
nav-people = People
nav-administration = Administration
field-login = Sign-in name
field-password = Password

problem-title = That did not work
problem-title-403 = You may not do this
problem-title-404 = This page is not here
problem-title-429 = One moment, please
problem-title-500 = Something failed
problem-not-found = There is nothing here, or nothing that you may see.
problem-forbidden = Your roles do not include this.
problem-sign-in-first = Please sign in first.
problem-bad-token = This API token is unknown, expired or revoked.
problem-wrong-password = The sign-in name or the password is wrong.
problem-locked = { COUNT($minutes) ->
    [one] Too many wrong passwords. Wait a minute and try again.
   *[other] Too many wrong passwords. Wait { $minutes } minutes and try again.
  }
problem-too-many-requests = More than { $most } requests in a minute. Wait a moment and try again.
problem-moved-meanwhile = Someone else was quicker: this has changed since you opened it. Reload to see how it is now.
problem-stale = This has changed since you read it (If-Match). Read it again.
problem-invalid = Some entries break a rule. Nothing was changed.
problem-malformed = The request could not be understood: { $reason }
problem-wrong-method = This address does not do that.
problem-too-large = That is larger than allowed here. { $reason }
problem-wrong-type = This kind of content is not taken here. { $reason }
problem-cross-site = The request came from another site and was refused.
problem-internal = Something failed on our side. Nothing was lost; please try again in a moment.
problem-key-reused = The idempotency key { $key } was used before with another request.
problem-still-running = The request with the idempotency key { $key } is still running.

rule-length = { COUNT($found) ->
    [one] has one character; it must have { $wanted }
   *[other] has { $found } characters; it must have { $wanted }
  }
rule-not-the-login = must not contain the sign-in name { $wanted }
rule-varied = needs at least { $wanted } different characters
rule-login = “{ $found }” must be { $wanted } letters, digits or . - _ @
rule-taken = “{ $found }” is taken already
rule-required = is missing
rule-too-long = { COUNT($found) ->
    [one] has one character; at most { $wanted } are allowed
   *[other] has { $found } characters; at most { $wanted } are allowed
  }
rule-too-short = { COUNT($found) ->
    [one] has one character; at least { $wanted } are needed
   *[other] has { $found } characters; at least { $wanted } are needed
  }
rule-hidden-characters = contains a hidden character ({ $found }), such as a control character or a mark that turns the direction of writing
rule-not-utf8 = “{ $found }” is not { $wanted }: some characters could not be read. Nothing was saved; please type it again.
rule-lost-character = “{ $found }” contains �, which stands where a character was lost. Please type it again.
rule-one-of = “{ $found }” is not one of: { $wanted }
rule-twice = “{ $found }” is there twice
rule-range = is { $found }; it must be { $wanted }
rule-not-below = is { $found }; it must not be below { $wanted }
rule-aspect = “{ $found }” is not a shape such as { $wanted }
rule-not-for-slot = cannot be asked of “{ $found }”
install-name = Kaijiang: record a session
offline-title = No network right now
offline-text = This page needs the network. Recording a session does not: it is kept on the phone and sent once you are online.
offline-again = Try again
