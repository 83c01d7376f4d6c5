package org.chaincore.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.chaincore.core.store.StoreOptions.Budgets;
import org.junit.jupiter.api.Test;

final class StoreOptionsTest {
  /** Loads the options and their parts anew, so that none of them has been touched. */
  private static final class Fresh extends ClassLoader {
    Fresh() {
      super(StoreOptionsTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      Class<?> known = findLoadedClass(name);
      if (known != null || !name.startsWith(StoreOptions.class.getName())) {
        return known != null ? known : super.loadClass(name, resolve);
      }
      String file = name.substring(name.lastIndexOf('.') + 1) + ".class";
      try (InputStream in = StoreOptions.class.getResourceAsStream(file)) {
        byte[] bytes = Objects.requireNonNull(in, file).readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  @Test
  void default_aPartWasNamedBefore_hasAllParts() throws ReflectiveOperationException {
    String name = StoreOptions.class.getName();
    for (String part : new String[] {"Budgets", "Pruning", "Safety", "Indexes"}) {
      Fresh loader = new Fresh();
      Class.forName(name + "$" + part, true, loader);
      Object options = Class.forName(name, true, loader).getField("DEFAULT").get(null);

      assertThat(options.toString()).doesNotContain("null").isEqualTo(StoreOptions.DEFAULT + "");
    }
  }

  @Test
  void budgets_tooSmall_areRefusedWithTheValue() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Budgets(1, Budgets.LEAST_BYTES, 1))
        .withMessageContaining("coinBytes below 4194304: 1");
  }
}
