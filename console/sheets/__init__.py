"""What is printed: the case sheet (案卷表) and the job sheet (派遣單), as PDF on A4."""
