package org.chaincore.sync.sketch;

/**
 * A map of 32-bit words that respects XOR, held as tables: the word is cut into windows of six bits
 * and the images of the windows are added up. Multiplication by a fixed element is such a map, and
 * so is squaring.
 *
 * <p>Six bits, since a map is loaded as often as it is used a hundred times: windows of eight load
 * slowly, windows of four apply slowly (measured on rows of 64 to 512: six beats both).
 *
 * <p>Not thread-safe while it is being loaded; immutable otherwise.
 */
final class LinearMap {
  private static final int WINDOW_BITS = 6;

  // One array each, indexed modulo its length, so that no access needs a check of its bounds.
  private final int[] table0 = new int[1 << WINDOW_BITS];
  private final int[] table1 = new int[1 << WINDOW_BITS];
  private final int[] table2 = new int[1 << WINDOW_BITS];
  private final int[] table3 = new int[1 << WINDOW_BITS];
  private final int[] table4 = new int[1 << WINDOW_BITS];
  private final int[] table5 = new int[1 << (Field32.BITS - 5 * WINDOW_BITS)];

  /** The map that takes bit i to {@code images[i]}. */
  static LinearMap of(int[] images) {
    LinearMap map = new LinearMap();
    map.load(images);
    return map;
  }

  /** Becomes the multiplication by {@code factor}. */
  void loadMultiplication(int factor) {
    int next = fill(table0, factor);
    next = fill(table1, next);
    next = fill(table2, next);
    next = fill(table3, next);
    next = fill(table4, next);
    fill(table5, next);
  }

  /** Fills in the multiples of {@code factor} and returns the factor for the next window. */
  private static int fill(int[] table, int factor) {
    int image = factor;
    for (int size = 1; size < table.length; size *= 2) {
      put(table, size, image);
      image = Field32.timesX(image);
    }
    return image;
  }

  private void load(int[] images) {
    int[][] tables = {table0, table1, table2, table3, table4, table5};
    for (int bit = 0; bit < images.length; bit++) {
      put(tables[bit / WINDOW_BITS], 1 << bit % WINDOW_BITS, images[bit]);
    }
  }

  /** Bits are put in ascending order: the sums below a bit are there when it is added to them. */
  private static void put(int[] table, int bit, int image) {
    for (int i = 0; i < bit; i++) {
      table[bit + i] = table[i] ^ image;
    }
  }

  int apply(int word) {
    return table0[word & (table0.length - 1)]
        ^ table1[(word >>> WINDOW_BITS) & (table1.length - 1)]
        ^ table2[(word >>> (2 * WINDOW_BITS)) & (table2.length - 1)]
        ^ table3[(word >>> (3 * WINDOW_BITS)) & (table3.length - 1)]
        ^ table4[(word >>> (4 * WINDOW_BITS)) & (table4.length - 1)]
        ^ table5[(word >>> (5 * WINDOW_BITS)) & (table5.length - 1)];
  }
}
