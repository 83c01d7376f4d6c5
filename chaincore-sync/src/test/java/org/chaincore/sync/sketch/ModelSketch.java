package org.chaincore.sync.sketch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * PinSketch as it stands in a book, over a field of any size: every syndrome in the recurrence,
 * every trace made anew, every product bit by bit.
 */
record ModelSketch(BinaryField field, int capacity) {
  long[] sums(Collection<Long> ids) {
    long[] sums = new long[capacity];
    for (long id : ids) {
      long square = field.multiply(id, id);
      long power = id;
      for (int i = 0; i < capacity; i++) {
        sums[i] ^= power;
        power = field.multiply(power, square);
      }
    }
    return sums;
  }

  /** Each sum in as many bits as the field has, the least significant first. */
  byte[] pack(long[] sums) {
    byte[] packed = new byte[(capacity * field.bits() + 7) / 8];
    for (int bit = 0; bit < capacity * field.bits(); bit++) {
      long value = sums[bit / field.bits()] >>> (bit % field.bits()) & 1;
      packed[bit / 8] |= (byte) (value << bit % 8);
    }
    return packed;
  }

  Optional<List<Long>> decode(long[] oddSums, RandomGenerator random) {
    long[] locator = locator(allSums(oddSums));
    int degree = locator.length - 1;
    if (degree > capacity || locator[degree] == 0) {
      return Optional.empty();
    }
    long[] polynomial = new long[degree + 1];
    for (int i = 0; i <= degree; i++) {
      polynomial[i] = locator[degree - i];
    }
    if (!splits(polynomial)) {
      return Optional.empty();
    }
    TreeSet<Long> roots = new TreeSet<>(Long::compareUnsigned);
    addRoots(polynomial, random, roots);
    return Arrays.equals(sums(roots), oddSums)
        ? Optional.of(new ArrayList<>(roots))
        : Optional.empty();
  }

  private long[] allSums(long[] oddSums) {
    long[] all = new long[2 * capacity];
    for (int i = 0; i < all.length; i++) {
      all[i] = i % 2 == 0 ? oddSums[i / 2] : field.multiply(all[i / 2], all[i / 2]);
    }
    return all;
  }

  private long[] locator(long[] sums) {
    long[] current = {1};
    long[] previous = {1};
    int length = 0;
    int shift = 1;
    long last = 1;
    for (int step = 0; step < sums.length; step++) {
      long discrepancy = sums[step];
      for (int i = 1; i <= length && i < current.length; i++) {
        discrepancy ^= field.multiply(current[i], sums[step - i]);
      }
      if (discrepancy == 0) {
        shift++;
        continue;
      }
      long[] before = current;
      current = Arrays.copyOf(current, Math.max(current.length, previous.length + shift));
      long factor = field.multiply(discrepancy, field.inverse(last));
      for (int i = 0; i < previous.length; i++) {
        current[i + shift] ^= field.multiply(factor, previous[i]);
      }
      if (2 * length <= step) {
        length = step + 1 - length;
        previous = before;
        last = discrepancy;
        shift = 1;
      } else {
        shift++;
      }
    }
    return Arrays.copyOf(current, length + 1);
  }

  private boolean splits(long[] polynomial) {
    long[] x = remainder(new long[] {0, 1}, polynomial);
    long[] power = x;
    for (int i = 0; i < field.bits(); i++) {
      power = squared(power, polynomial);
    }
    return Arrays.equals(x, power);
  }

  private void addRoots(long[] polynomial, RandomGenerator random, TreeSet<Long> roots) {
    if (polynomial.length == 1) {
      return;
    }
    if (polynomial.length == 2) {
      roots.add(field.multiply(polynomial[0], field.inverse(polynomial[1])));
      return;
    }
    while (true) {
      long factor = random.nextLong() >>> (64 - field.bits());
      long[] power = remainder(new long[] {0, factor}, polynomial);
      long[] trace = power;
      for (int i = 1; i < field.bits(); i++) {
        power = squared(power, polynomial);
        trace = sum(trace, power);
      }
      long[] part = commonDivisor(polynomial, trace);
      if (part.length > 1 && part.length < polynomial.length) {
        addRoots(part, random, roots);
        addRoots(quotient(polynomial, part), random, roots);
        return;
      }
    }
  }

  private long[] squared(long[] a, long[] modulus) {
    long[] square = new long[2 * a.length];
    for (int i = 0; i < a.length; i++) {
      square[2 * i] = field.multiply(a[i], a[i]);
    }
    return remainder(square, modulus);
  }

  private static long[] sum(long[] a, long[] b) {
    long[] sum = a.clone();
    for (int i = 0; i < b.length; i++) {
      sum[i] ^= b[i];
    }
    return sum;
  }

  /** As long as the modulus less one. */
  private long[] remainder(long[] a, long[] modulus) {
    return Arrays.copyOf(divided(a, modulus), modulus.length - 1);
  }

  private long[] quotient(long[] a, long[] divisor) {
    return Arrays.copyOfRange(divided(a, divisor), divisor.length - 1, a.length);
  }

  /** The remainder below, the quotient above. */
  private long[] divided(long[] a, long[] divisor) {
    long[] work = Arrays.copyOf(a, Math.max(a.length, divisor.length));
    long inverse = field.inverse(divisor[divisor.length - 1]);
    for (int top = work.length - 1; top >= divisor.length - 1; top--) {
      long factor = field.multiply(work[top], inverse);
      for (int i = 0; i < divisor.length - 1; i++) {
        work[top - divisor.length + 1 + i] ^= field.multiply(factor, divisor[i]);
      }
      work[top] = factor;
    }
    return work;
  }

  private long[] commonDivisor(long[] a, long[] b) {
    long[] x = trimmed(a);
    long[] y = trimmed(b);
    while (y.length > 0) {
      long[] rest = trimmed(remainder(x, y));
      x = y;
      y = rest;
    }
    return x;
  }

  private static long[] trimmed(long[] a) {
    int length = a.length;
    while (length > 0 && a[length - 1] == 0) {
      length--;
    }
    return Arrays.copyOf(a, length);
  }
}
