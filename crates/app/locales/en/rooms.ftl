room-talk = Chat
room-talk-none = Nobody has said anything yet.
room-questions = Questions to the lecturer
room-questions-none = No question yet.
room-ask = Your question
room-ask-send = Ask
room-ask-later-help = Whoever runs the broadcast looks at it first. The answer appears here.
room-sign-in = Sign in to ask
room-read-only = This conversation is over; it can still be read.
room-board = Moderation board
room-votes = { COUNT($n) ->
    [one] 1 vote
   *[other] { $n } votes
}
room-watching = { COUNT($n) ->
    [one] 1 person here
   *[other] { $n } people here
}
question-waiting = waiting
question-shown = open
question-answered = answered
question-merged = merged
question-removed = removed
question-answered-aloud = Answered in the broadcast.
chat-open = Everybody may speak
chat-slow = Slow: each person waits between two messages
chat-closed = Closed: nobody but moderators
board-waiting = Waiting for you
board-waiting-none = Nothing waits.
board-approve = Show
board-remove = Remove
board-mute = Mute for 10 minutes
board-ban = Ban for good
board-more = Answer in writing, merge
board-answer = Written answer
board-answer-send = Publish the answer
board-answer-aloud = Answered aloud
board-merge-into = Asks the same as
board-merge = Merge
board-rules = How this room is run
board-chat = Chat
board-pre-moderated = Messages wait until a moderator shows them
board-danmaku = Messages may fly over the picture
board-rules-save = Save
board-clear = Clear the chat
board-clear-text = Every message disappears from every screen, and from the recording. Questions stay.
field-slow-s = Seconds between two messages in slow mode
field-minutes = Minutes
field-hold = Held words
field-refuse = Refused words
field-client-id = client_id
words-title = Word list
words-text = These words apply to chat and questions in every room. Case, full width, spaces and punctuation make no difference.
words-hold-help = One a line. What contains one of them waits for a moderator.
words-refuse-help = One a line. What contains one of them is not taken.
words-save = Save the list
done-words-kept = The list is saved.
done-question-asked = Your question was received. It appears when a moderator has looked at it.
done-board-approve = The message is shown.
done-board-remove = The message is removed.
done-board-mute = The person is muted for 10 minutes, and what was said is removed.
done-board-ban = The person is banned, and what was said is removed.
done-board-clear = The chat is cleared.
done-board-rules = The room is run like this now.
done-board-approve-question = The question is shown.
done-board-remove-question = The question is removed.
done-board-answer-aloud = The question counts as answered.
done-board-answer = The answer is published.
done-board-merge = The questions are merged.
problem-room-closed = This room is open from 30 minutes before the broadcast to 30 minutes after it.
problem-chat-closed = A moderator has closed the chat.
problem-muted = A moderator has muted you for a while.
problem-banned = A moderator has banned you from this room.
problem-slow-down = Please wait { COUNT($seconds) ->
    [one] 1 second
   *[other] { $seconds } seconds
} before the next message.
problem-said-already = You said the same a moment ago.
problem-word-refused = This contains a word that is not taken here.
problem-client-id-reused = This client_id was used before with another text.
problem-too-many-questions = { $most } of your questions wait for an answer; please wait for one of them.
problem-no-vote = You can vote for open questions of others.
problem-no-room = This lesson was not broadcast, so nobody looks after questions to it.
problem-merge-into = The other question does not stand for itself: it was merged, removed, or is the same.
problem-bans-moderator = That is your own message.
problem-not-a-socket = This address is for WebSocket connections.
room-groups = { COUNT($groups) ->
    [one] One group
   *[other] { $groups } groups
  } with { $people } people
group-watch = Watch as a group
group-own = Watching as a group: { $n }
group-people = How many sit before this screen, you included
group-count = Count us
group-correct = Correct
group-leave = Take back
group-help = Once a day and lesson is enough, and you can correct the number at any time. It counts as group attendance and not as views.
group-sign-in = Sign in to watch as a group
field-people = People
done-group-counted = Your group is counted.
done-group-left = Your group is no longer counted.
problem-too-many-connections = Your network holds as many lasting connections as it may; the room looks in every few seconds instead.
audit-group-counted = Group counted
audit-group-taken-back = Group taken back
audit-question-answered = Question answered
audit-question-approved = Question shown
audit-question-merged = Question merged
audit-question-removed = Question removed
audit-room-cleared = Chat cleared
audit-room-message-approved = Message shown
audit-room-message-removed = Message removed
audit-room-muted = Somebody muted
audit-room-rules-changed = Rules of a room changed
audit-words-changed = Word list changed
