/*
 * The bound of nonce search: double SHA-256 of a header in C, by the processor's SHA instructions,
 * two nonces side by side. Arguments: the 80 bytes in hex, and the last nonce to try. Prints the first
 * nonce whose hash has a zero top 24 bits, and the CPU nanoseconds that all took.
 */
#include <immintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const uint32_t K[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static const uint32_t FIRST[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

#define WAYS 2

/* One block for each way, on top of its state. */
static inline void blocks(uint32_t state[WAYS][8], const uint32_t words[WAYS][16]) {
  __m128i abef[WAYS], cdgh[WAYS], abef0[WAYS], cdgh0[WAYS], m[WAYS][4];
  for (int w = 0; w < WAYS; w++) {
    __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)&state[w][0]), 0xb1);
    __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)&state[w][4]), 0x1b);
    abef[w] = abef0[w] = _mm_alignr_epi8(low, high, 8);
    cdgh[w] = cdgh0[w] = _mm_blend_epi16(high, low, 0xf0);
    for (int i = 0; i < 4; i++) m[w][i] = _mm_loadu_si128((const __m128i *)&words[w][4 * i]);
  }
#pragma GCC unroll 16
  for (int i = 0; i < 16; i++) {
    __m128i k = _mm_load_si128((const __m128i *)&K[4 * i]);
#pragma GCC unroll 2
    for (int w = 0; w < WAYS; w++) {
      __m128i *now = &m[w][i & 3], *last = &m[w][(i + 3) & 3];
      __m128i wk = _mm_add_epi32(*now, k);
      cdgh[w] = _mm_sha256rnds2_epu32(cdgh[w], abef[w], wk);
      abef[w] = _mm_sha256rnds2_epu32(abef[w], cdgh[w], _mm_shuffle_epi32(wk, 0x0e));
      if (i < 12) {
        __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(*now, m[w][(i + 1) & 3]),
                                    _mm_alignr_epi8(*last, m[w][(i + 2) & 3], 4));
        *now = _mm_sha256msg2_epu32(sum, *last);
      }
    }
  }
  for (int w = 0; w < WAYS; w++) {
    abef[w] = _mm_shuffle_epi32(_mm_add_epi32(abef[w], abef0[w]), 0x1b);
    cdgh[w] = _mm_shuffle_epi32(_mm_add_epi32(cdgh[w], cdgh0[w]), 0xb1);
    _mm_storeu_si128((__m128i *)&state[w][0], _mm_blend_epi16(abef[w], cdgh[w], 0xf0));
    _mm_storeu_si128((__m128i *)&state[w][4], _mm_alignr_epi8(cdgh[w], abef[w], 8));
  }
}

static uint32_t big_endian(const uint8_t *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t cpu_nanos(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int main(int count, char **arguments) {
  uint8_t header[80];
  if (count != 3 || strlen(arguments[1]) != 160) return 2;
  for (int i = 0; i < 80; i++) {
    unsigned byte;
    if (sscanf(arguments[1] + 2 * i, "%2x", &byte) != 1) return 2;
    header[i] = (uint8_t)byte;
  }
  uint32_t most = (uint32_t)strtoul(arguments[2], NULL, 10);

  uint32_t middle[WAYS][8], head[WAYS][16], tail[WAYS][16], second[WAYS][16];
  memset(tail, 0, sizeof tail);
  memset(second, 0, sizeof second);
  for (int w = 0; w < WAYS; w++) {
    memcpy(middle[w], FIRST, sizeof FIRST);
    for (int i = 0; i < 16; i++) head[w][i] = big_endian(header + 4 * i);
    for (int i = 0; i < 3; i++) tail[w][i] = big_endian(header + 64 + 4 * i);
    tail[w][4] = second[w][8] = 0x80000000;
    tail[w][15] = 640;
    second[w][15] = 256;
  }
  blocks(middle, head);

  int64_t begun = cpu_nanos();
  for (uint32_t nonce = 0; nonce <= most; nonce += WAYS) {
    uint32_t state[WAYS][8];
    for (int w = 0; w < WAYS; w++) tail[w][3] = __builtin_bswap32(nonce + w);
    memcpy(state, middle, sizeof state);
    blocks(state, tail);
    for (int w = 0; w < WAYS; w++) {
      memcpy(second[w], state[w], sizeof state[w]);
      memcpy(state[w], FIRST, sizeof FIRST);
    }
    blocks(state, second);
    for (int w = 0; w < WAYS; w++) {
      if ((state[w][7] & 0xffffff) == 0) {
        printf("%u %lld\n", nonce + w, (long long)(cpu_nanos() - begun));
        return 0;
      }
    }
  }
  return 1;
}
