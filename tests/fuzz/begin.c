/* What is linked before the tool and the library: see fuzz.c. */
#include <stdint.h>

extern uint8_t fuzz_data_begin[], fuzz_bss_begin[];

uint8_t fuzz_data_begin[8] = {1};
uint8_t fuzz_bss_begin[8];
