package org.chaincore.sync.protocol;

import java.math.BigInteger;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.chain.HeaderTree;
import org.chaincore.core.config.BodyRules;
import org.chaincore.core.pow.ProofOfWork;
import org.chaincore.core.value.Work;

/**
 * How much work a chain must have so that its headers are worth memory.
 *
 * <p><b>Measure.</b> The heaviest header that is known, not the last block: a node that still lacks
 * the blocks, or never gets any, knows by its headers what work is worth. Where a chain forks off
 * near there, its headers have about the same difficulty, so nearly as much work will do. Where it
 * forks further down, difficulty may be stretched away and headers are cheap: such a chain must
 * have more work than the heaviest. Our own blocks count beside the heaviest headers, as those may
 * be of a chain that we do not follow, or whose blocks nobody serves: whoever withholds blocks must
 * not keep us from hearing of the next ones of our chain.
 *
 * <p><b>Attack.</b> Branches from genesis at the easiest difficulty, mined once and shown to every
 * new node: they are worth memory only as long as nothing heavier is known, and each that forks
 * more than {@link HeaderTree#NEAR_FORK_BLOCKS} down must be heavier than all before it. A network
 * that names its minimum work is spared even that. And whatever is in the tree by then, the tree
 * takes a chain that is heavier (docs/adr/0006).
 *
 * <p>Not thread-safe; confined to {@link HeaderSync}.
 */
final class HeaderWorth {
  /** A chain may have so many blocks' work less than ours and still be taken in at once. */
  static final int MARGIN_BLOCKS = 144;

  private final MachineContext context;
  private final ProofOfWork proofOfWork;

  HeaderWorth(MachineContext context) {
    this.context = context;
    this.proofOfWork = ProofOfWork.under(context.engine().params().work().limit());
  }

  /** The work that a chain must have which leaves what we know at this header. */
  Work needed(HeaderNode fork) {
    ChainView view = context.engine().view();
    HeaderNode heaviest = view.heaviestHeader();
    HeaderNode tip = view.tip();
    BigInteger needed = heaviest.chainWork().toBigInteger().add(BigInteger.ONE);
    if (HeaderTree.forksNear(heaviest, fork)) {
      needed = needed.min(nearly(heaviest));
    }
    if (isMeasure(tip, heaviest) && HeaderTree.forksNear(tip, fork)) {
      needed = needed.min(nearly(tip));
    }
    return Work.of(needed.max(context.setup().minimumChainWork().toBigInteger()));
  }

  /** A node that has just begun has no blocks that would say what work is worth. */
  private static boolean isMeasure(HeaderNode tip, HeaderNode heaviest) {
    return tip.height() > MARGIN_BLOCKS || !heaviest.descendsFrom(tip);
  }

  private BigInteger nearly(HeaderNode end) {
    BigInteger margin =
        proofOfWork
            .work(end.header().bits())
            .toBigInteger()
            .multiply(BigInteger.valueOf(MARGIN_BLOCKS));
    return end.chainWork().toBigInteger().subtract(margin).max(BigInteger.ZERO);
  }

  /** The end of the chain that we are on: the last block, or header where there are no blocks. */
  static HeaderNode ours(MachineContext context) {
    ChainView view = context.engine().view();
    boolean isByHeadersOnly = context.engine().params().bodyRules() == BodyRules.HEADERS_ONLY;
    return isByHeadersOnly ? view.heaviestHeader() : view.tip();
  }
}
