"""Made-up worlds: wars, towns, speakers and newspapers that exist nowhere."""
