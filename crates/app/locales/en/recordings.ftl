field-file = File
field-filename = File name
field-lesson = Lesson
field-slot = Place of the file
field-variant = Making
field-captions = Captions
field-language = Language
field-label = Label

slot-video = Video
slot-script = Script
slot-slides = Slides
slot-photos = Photos
slot-supplement = Supplements
variant-field = As filmed
variant-polished = Polished
variant-broadcast = For broadcast
material-state-checking = Being checked
material-state-ready = Ready
material-state-refused = Refused
done-captions-kept = The captions are kept.
done-file-taken = The file is here and is now being checked.

problem-tus-version = This server speaks tus 1.0.0 only.
problem-upload-too-large = The file has { $found } bytes; at most { $wanted } are taken.
problem-upload-overrun = More bytes came than were announced ({ $wanted }). Nothing of this request was kept; what was here before is still here.
problem-upload-wrong-offset = The bytes must go on at { $offset }.
problem-upload-checksum-algorithm = Upload-Checksum must be one of { $wanted }, with a checksum of its length.
problem-upload-checksum = The bytes were damaged on their way: their checksum differs. Nothing of this request was kept; send it again.
problem-upload-taken-over = Another request goes on with this upload. What arrived is kept.
problem-upload-interrupted = The line broke. What arrived is kept; go on from there.
problem-upload-form-interrupted = The line broke before the whole file was here, so nothing of it was kept. Please send it again.
problem-upload-form-too-large = Without script a file has at most { $wanted } bytes. Nothing was kept. Please use a browser with JavaScript, where uploads may be larger and go on after a break.
problem-upload-expired = This upload was left alone too long and is gone. Please begin again.
problem-upload-complete = This upload is over: it was completed or cancelled.
problem-upload-parts = A file can be put together only from your own complete parts, each once.
problem-disk-full = The disk of the server is full. What arrived is kept; the upload can go on once there is room. Please tell your administrator.
problem-material-not-ready = This file is still being checked, or it was refused.

rule-empty-file = is empty: not a single byte
rule-not-an-id = “{ $found }” does not name anything; it begins with { $wanted }
rule-file-kind = is a .{ $found } file; wanted: { $wanted }
rule-file-content = is not what its name says: the content is { $found ->
    [pdf] PDF
    [docx] a text document
    [pptx] slides
    [jpg] a JPEG picture
    [png] a PNG picture
   *[other] of an unknown kind
  }, the name says { $wanted }
rule-broken-photo = is damaged: from byte { $found } on it can no longer be read as a picture. Export or copy it again and upload it once more.
rule-disguised-playlist = “{ $found }” is a playlist that points at other files, not a recording. Wanted: { $wanted }
rule-not-media = “{ $found }” is not a video or sound recording, whatever its name says. Wanted: { $wanted }
rule-no-tracks = “{ $found }” has neither picture nor sound. Wanted: { $wanted }
rule-truncated = “{ $found }” ends too early: it seems cut off. Export or copy it again and upload it once more.
rule-too-many-pixels = the picture has { $found } pixels; at most { $wanted } pixels in all are taken
rule-too-long-recording = is { $found } minutes long; at most { $wanted } minutes are taken
rule-not-examined = could not be examined, although it was tried three times. Export it anew, or tell your administrator.
rule-language-tag = “{ $found }” is not the code of a language such as { $wanted }
rule-captions-too-large = is too large: a caption file has at most 1 MiB
rule-captions-not-utf8 = line { $found }: the text must be UTF-8
rule-not-captions = is neither WebVTT nor SubRip
rule-captions-empty = has no caption in it
rule-too-many-captions = has more than 20,000 captions (line { $found })
rule-caption-bad-time = line { $found }: a time is written 00:00:00.000 --> 00:00:00.000
rule-caption-ends-before-start = line { $found }: a caption must end after it starts
rule-captions-out-of-order = line { $found }: captions must be in the order of their start
