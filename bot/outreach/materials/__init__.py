"""What an office prints, shares and reads out: posters, cards, certificates, texts for the ward loudspeaker."""
