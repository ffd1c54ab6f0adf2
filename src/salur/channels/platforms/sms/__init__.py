"""Text messages: by a modem on this machine (gammu), an ordinary telephone (Android), or a carrier (Twilio)."""
