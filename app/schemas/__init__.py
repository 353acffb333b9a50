"""What comes in and goes out, shared by API and pages: one file per noun, Create / Change / Read."""
