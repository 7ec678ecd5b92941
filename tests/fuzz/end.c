/* What is linked after the tool and the library: see fuzz.c. */
#include <stdint.h>

extern uint8_t fuzz_data_end[], fuzz_bss_end[];

uint8_t fuzz_data_end[8] = {1};
uint8_t fuzz_bss_end[8];
