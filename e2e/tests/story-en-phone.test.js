// The main job once more: in English, everybody on a phone.
process.env.KAIJIANG_STORY = "en-phone";
await import("./story.test.js");
