#include "digits.h"

char digits[10001][4];

/* 20 us, before main(): no one has to ask whether it is done. */
__attribute__((constructor)) static void
fill(void)
{
	int i;

	for (i = 0; i < 10000; i++) {
		digits[i][0] = (char)('0' + i / 1000);
		digits[i][1] = (char)('0' + i / 100 % 10);
		digits[i][2] = (char)('0' + i / 10 % 10);
		digits[i][3] = (char)('0' + i % 10);
	}
}
