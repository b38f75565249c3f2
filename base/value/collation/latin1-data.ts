/** Weights of the latin1 collations by byte, in hexadecimal; two bytes for a letter that is two. Written by base/node/generate-collations.ts: do not edit. */
// prettier-ignore
export const LATIN1_WEIGHTS: Readonly<Record<string, string>> = {
  latin1_danish_ci:
    '00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f ' +
    '20 21 22 23 24 25 26 27 28 29 2a 2b 2c 2d 2e 2f 30 31 32 33 34 35 36 37 38 39 3a 3b 3c 3d 3e 3f ' +
    '40 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 50 51 52 53 54 55 56 57 58 59 5a 5b 5c 5d 5e 5f ' +
    '60 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 50 51 52 53 54 55 56 57 58 59 5a 7b 7c 7d 7e 7f ' +
    '80 81 82 83 84 85 86 87 88 89 8a 8b 8c 8d 8e 8f 90 91 92 93 94 95 96 97 98 99 9a 9b 9c 9d 9e 9f ' +
    'a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 aa ab ac ad ae af b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 ba bb bc bd be bf ' +
    '41 41 41 41 5b 5d 5b 43 45 45 45 45 49 49 49 49 44 4e 4f 4f 4f 4f 5c d7 5c 55 55 55 59 59 de df ' +
    '41 41 41 41 5b 5d 5b 43 45 45 45 45 49 49 49 49 44 4e 4f 4f 4f 4f 5c f7 5c 55 55 55 59 59 de ff',
  latin1_general_ci:
    '00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f ' +
    '20 21 22 23 24 25 26 27 28 29 2a 2b 2c 2d 2e 2f 30 31 32 33 34 35 36 37 38 39 3a 3b 3c 3d 3e 3f ' +
    '40 41 51 53 57 5b 65 67 69 6b 75 77 79 7b 7d 81 8f 91 93 95 98 9a a4 a6 a8 aa af b3 b4 b5 b6 b7 ' +
    'b8 41 51 53 57 5b 65 67 69 6b 75 77 79 7b 7d 81 8f 91 93 95 98 9a a4 a6 a8 aa af b9 ba bb bc bf ' +
    'c0 c1 c2 c3 c4 c5 c6 c7 c8 c9 ca cb cc cd ce cf d0 d1 d2 d3 d4 d5 d6 d7 d8 d9 da db dc dd de df ' +
    'e0 e1 e2 e3 e4 e5 e6 e7 e8 e9 ea eb ec ed ee ef f0 f1 f2 f3 f4 f5 f6 f7 f8 f9 fa fb fc fd fe ff ' +
    '43 45 47 49 4b 4d 4f 55 5d 5f 61 63 6d 6f 71 73 59 7f 83 85 87 89 8b bd 8d 9c 9e a0 a2 ac b1 97 ' +
    '43 45 47 49 4b 4d 4f 55 5d 5f 61 63 6d 6f 71 73 59 7f 83 85 87 89 8b be 8d 9c 9e a0 a2 ac b1 ae',
  latin1_general_cs:
    '00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f ' +
    '20 21 22 23 24 25 26 27 28 29 2a 2b 2c 2d 2e 2f 30 31 32 33 34 35 36 37 38 39 3a 3b 3c 3d 3e 3f ' +
    '40 41 51 53 57 5b 65 67 69 6b 75 77 79 7b 7d 81 8f 91 93 95 98 9a a4 a6 a8 aa af b3 b4 b5 b6 b7 ' +
    'b8 42 52 54 58 5c 66 68 6a 6c 76 78 7a 7c 7e 82 90 92 94 96 99 9b a5 a7 a9 ab b0 b9 ba bb bc bf ' +
    'c0 c1 c2 c3 c4 c5 c6 c7 c8 c9 ca cb cc cd ce cf d0 d1 d2 d3 d4 d5 d6 d7 d8 d9 da db dc dd de df ' +
    'e0 e1 e2 e3 e4 e5 e6 e7 e8 e9 ea eb ec ed ee ef f0 f1 f2 f3 f4 f5 f6 f7 f8 f9 fa fb fc fd fe ff ' +
    '43 45 47 49 4b 4d 4f 55 5d 5f 61 63 6d 6f 71 73 59 7f 83 85 87 89 8b bd 8d 9c 9e a0 a2 ac b1 97 ' +
    '44 46 48 4a 4c 4e 50 56 5e 60 62 64 6e 70 72 74 5a 80 84 86 88 8a 8c be 8e 9d 9f a1 a3 ad b2 ae',
  latin1_german1_ci:
    '00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f ' +
    '20 21 22 23 24 25 26 27 28 29 2a 2b 2c 2d 2e 2f 30 31 32 33 34 35 36 37 38 39 3a 3b 3c 3d 3e 3f ' +
    '40 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 50 51 52 53 54 55 56 57 58 59 5a 5b 5c 5d 5e 5f ' +
    '60 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 50 51 52 53 54 55 56 57 58 59 5a 7b 7c 7d 7e 7f ' +
    '80 81 82 83 84 85 86 87 88 89 8a 8b 8c 8d 8e 8f 90 91 92 93 94 95 96 97 98 99 9a 9b 9c 9d 9e 9f ' +
    'a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 aa ab ac ad ae af b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 ba bb bc bd be bf ' +
    '41 41 41 41 41 41 41 43 45 45 45 45 49 49 49 49 d0 4e 4f 4f 4f 4f 4f d7 4f 55 55 55 55 59 de 53 ' +
    '41 41 41 41 41 41 41 43 45 45 45 45 49 49 49 49 d0 4e 4f 4f 4f 4f 4f f7 4f 55 55 55 55 59 de ff',
  latin1_german2_ci:
    '00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f ' +
    '20 21 22 23 24 25 26 27 28 29 2a 2b 2c 2d 2e 2f 30 31 32 33 34 35 36 37 38 39 3a 3b 3c 3d 3e 3f ' +
    '40 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 50 51 52 53 54 55 56 57 58 59 5a 5b 5c 5d 5e 5f ' +
    '60 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 50 51 52 53 54 55 56 57 58 59 5a 7b 7c 7d 7e 7f ' +
    '80 81 82 83 84 85 86 87 88 89 8a 8b 8c 8d 8e 8f 90 91 92 93 94 95 96 97 98 99 9a 9b 9c 9d 9e 9f ' +
    'a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 aa ab ac ad ae af b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 ba bb bc bd be bf ' +
    '41 41 41 41 4145 41 5c 43 45 45 45 45 49 49 49 49 44 4e 4f 4f 4f 4f 4f45 d7 d8 55 55 55 5545 59 ' +
    'de 5353 41 41 41 41 4145 41 5c 43 45 45 45 45 49 49 49 49 44 4e 4f 4f 4f 4f 4f45 f7 d8 55 55 55 ' +
    '5545 59 de 59',
  latin1_spanish_ci:
    '00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f ' +
    '20 21 22 23 24 25 26 27 28 29 2a 2b 2c 2d 2e 2f 30 31 32 33 34 35 36 37 38 39 3a 3b 3c 3d 3e 3f ' +
    '40 41 51 53 57 5b 65 67 69 6b 75 77 79 7b 7d 81 8f 91 93 95 98 9a a4 a6 a8 aa af b3 b4 b5 b6 b7 ' +
    'b8 41 51 53 57 5b 65 67 69 6b 75 77 79 7b 7d 81 8f 91 93 95 98 9a a4 a6 a8 aa af b9 ba bb bc bf ' +
    'c0 c1 c2 c3 c4 c5 c6 c7 c8 c9 ca cb cc cd ce cf d0 d1 d2 d3 d4 d5 d6 d7 d8 d9 da db dc dd de df ' +
    'e0 e1 e2 e3 e4 e5 e6 e7 e8 e9 ea eb ec ed ee ef f0 f1 f2 f3 f4 f5 f6 f7 f8 f9 fa fb fc fd fe ff ' +
    '41 41 41 41 41 41 41 53 5b 5b 5b 5b 6b 6b 6b 6b 57 7f 81 81 81 81 81 bd 81 9a 9a 9a 9a aa b1 97 ' +
    '41 41 41 41 41 41 41 53 5b 5b 5b 5b 6b 6b 6b 6b 57 7f 81 81 81 81 81 be 81 9a 9a 9a 9a aa b1 aa',
  latin1_swedish_ci:
    '00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f ' +
    '20 21 22 23 24 25 26 27 28 29 2a 2b 2c 2d 2e 2f 30 31 32 33 34 35 36 37 38 39 3a 3b 3c 3d 3e 3f ' +
    '40 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 50 51 52 53 54 55 56 57 58 59 5a 5b 5c 5d 5e 5f ' +
    '60 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 50 51 52 53 54 55 56 57 58 59 5a 7b 7c 7d 7e 7f ' +
    '80 81 82 83 84 85 86 87 88 89 8a 8b 8c 8d 8e 8f 90 91 92 93 94 95 96 97 98 99 9a 9b 9c 9d 9e 9f ' +
    'a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 aa ab ac ad ae af b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 ba bb bc bd be bf ' +
    '41 41 41 41 5c 5b 5c 43 45 45 45 45 49 49 49 49 44 4e 4f 4f 4f 4f 5d d7 d8 55 55 55 59 59 de df ' +
    '41 41 41 41 5c 5b 5c 43 45 45 45 45 49 49 49 49 44 4e 4f 4f 4f 4f 5d f7 d8 55 55 55 59 59 de ff',
};
