#!/bin/sh
# Makes the cabinets of this folder with gcab 1.5.
set -e
cd "$(dirname "$0")"
seq 1 300 > few.txt
seq 1 9000 > many.txt
: > empty.txt
gcab -c -n stored.cab few.txt empty.txt many.txt
gcab -c -n -z mszip.cab few.txt empty.txt many.txt
mv many.txt 'zahlen-ä.txt'
gcab -c -n -z numbers.tx_ 'zahlen-ä.txt'
rm few.txt empty.txt 'zahlen-ä.txt'
