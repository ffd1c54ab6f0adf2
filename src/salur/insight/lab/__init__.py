"""The SOP lab: where it hurts, and a draft tried on real past cases."""
