"""The local line: a carrier on this machine that speaks Twilio's API on one side and real SIP on the other."""
