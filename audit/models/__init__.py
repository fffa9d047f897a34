"""Tables of the audit: seals, screenings and leads, engagements with their samples and findings."""
