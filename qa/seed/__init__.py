"""Made-up calls to try, show and measure the console with: played through the real dialog, then varied by a seed."""
