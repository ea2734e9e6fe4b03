"""What is shown, on paper: pictures of maps, and documents."""
