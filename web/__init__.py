"""What the agent desk and the QA console share: pages, assets, sign-in, live streams. Knows nobody of the house."""
