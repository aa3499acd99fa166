/** What the offline agent knows when no KNOWLEDGE_BASE_SOURCE is set: this server. */
export const ABOUT_THIS_SERVER = `
# What this server is

This is the avatar chat server: it gives a voice AI a face. Your browser sends text or sound over a web socket. A voice agent answers, and every thirtieth of a second you get a piece of its speech together with 52 numbers that move a face.

# What I am, the offline agent

I am the offline agent, and I need no key, no account and no download. I answer typed questions by quoting sentences from a text.

The voice you hear is a small speech synthesiser called flite, running inside this server. To change my voice, set OFFLINE_VOICE to slt, rms, awb, kal or kal16.

# What I cannot do

I cannot understand spoken words, reason, translate, do sums, tell the time or the weather, or search the web. For a real conversation, plug in OpenAI or Gemini.

# How to plug in OpenAI

Set the environment variable OPENAI_API_KEY to your key and restart the server. Then AGENT_TYPE becomes sample_openai by itself.

# How to plug in Google Gemini

Set the environment variable GEMINI_API_KEY to your key and restart the server. Then AGENT_TYPE becomes sample_gemini by itself.

# How to plug in your own or a remote agent

Set AGENT_TYPE to remote and AGENT_URL to the web socket address of your agent.

# The settings and configuration

All settings are environment variables, and they can also stand in a file named .env. The file .env.example lists every one of them with its default.

SERVER_PORT is the port the server listens on, and it is 8080 unless you change it.

BLENDSHAPE_FPS is how many frames the face gets in a second: 24, 25, 30, 50 or 60. The default is 30.

PLAYOUT_LEAD_MS says how far the sound runs ahead of real time. The default is 400 milliseconds.

# How to give me knowledge, a text of your own

Set KNOWLEDGE_BASE_SOURCE to a file or a web address, and I will answer from that text instead of this one.

# The microphone and speaking

Press the microphone button and speak. When you pause, I say it back to you in your own voice, with lips to match. If you speak while I am talking, I stop at once.

# How the face and the lips move

The lips follow the sound: its loudness opens the mouth, and its bands round or spread the lips. The 52 numbers are ARKit blendshapes, so any avatar that knows ARKit can be moved by them.

# Privacy

Nothing you type or say leaves this machine while you talk to me. It is never written to a log.

# Price and licence

The server is free, under the MIT licence.
`;
