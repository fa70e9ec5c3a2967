"""Everything that shows that imagechat does what it says."""
