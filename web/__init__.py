"""What desk and console share: base template, assets, sign-in."""
