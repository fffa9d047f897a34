"""The rural scheme's whole year 2009 of 海原, as its report states it: the register, every visit and every stay.

The report gives totals alone (docs/haiyuan-2009.md); whatever stands below a total is made up, always the same for the
same seed, and nobody in it exists. Everything comes in as an office's work does, through the services, on the days of
2009; begun again after it was stopped it goes on where it stopped.
"""
