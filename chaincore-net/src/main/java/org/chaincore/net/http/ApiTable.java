package org.chaincore.net.http;

import static org.chaincore.net.http.Route.get;
import static org.chaincore.net.http.Route.submit;
import static org.chaincore.net.http.Route.write;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.chaincore.net.http.Route.About;
import org.chaincore.net.http.Route.Parameter;

/** The one table of all that can be asked. */
final class ApiTable {
  private static final Parameter START = Parameter.query("start", "int", "the first one, from 0");
  private static final Parameter LIMIT =
      Parameter.query("limit", "int", "how many at most; the rest is at next");
  private static final Parameter ADDRESS =
      Parameter.inPath("address", "an address of this network");

  private static final String ADDED_TRANSACTION = "{status:string,tx_id:string}";
  private static final String TASK =
      "{status:string,message:string,receipt:{peers_asked:int,offered:int,wanted:int,received:int,"
          + "duplicates:int,bytes:int}}";

  private ApiTable() {}

  static List<Route> of(NodeDesk node) {
    List<Route> routes = new ArrayList<>();
    routes.addAll(chain(new ChainPages(node)));
    routes.addAll(addresses(new AddressPages(node)));
    routes.addAll(submissions(new SubmitPages(node)));
    routes.addAll(peers(new PeerPages(node)));
    routes.addAll(status(new StatusPages(node), new MetricsPage(node)));
    routes.addAll(tasks(new TaskPages(node), new ConfigPages(node)));
    routes.addAll(explanations(new ExplainPages(node), new EventPages(node)));
    routes.addAll(pages(new HumanPages(node)));
    String version = node.sources().self().software();
    Once<byte[]> document = new Once<>(() -> OpenApi.document(routes, version));
    routes.add(
        get(
            "/openapi.json",
            call -> ApiResponse.of(200, ApiResponse.JSON, document.get()),
            about("This description.", "{openapi:string,paths:map(any)}")));
    return routes;
  }

  private static About about(String summary, String response, Parameter... parameters) {
    return new About(summary, Arrays.asList(parameters), "", response);
  }

  private static About posted(String summary, String body, String response) {
    return new About(summary, List.of(), body, response);
  }

  private static List<Route> chain(ChainPages pages) {
    return List.of(
        get(
            "/blockchain",
            pages::blockchain,
            about(
                "Blocks of the chain, at most 100 or 1 MB a page.",
                "{length:int,chain:[Block],next:int?}",
                START,
                LIMIT)),
        get(
            "/blockchain/headers",
            pages::headers,
            about(
                "Headers of the chain, at most 2,000.",
                "{headers:[Header],count:int,next:int?}",
                START,
                LIMIT)),
        get(
            "/blocks/range",
            pages::range,
            about(
                "Blocks from start to before end, at most 100 or 1 MB.",
                "{status:string,blocks:[Block],start_index:int,end_index:int,actual_count:int}",
                START,
                Parameter.query("end", "int", "the one after the last"))),
        get(
            "/chain/info",
            pages::info,
            about(
                "The ends of the chain.",
                "{status:string,chain_info:{length:int,genesis_hash:string,latest_hash:string,"
                    + "latest_timestamp:number,latest_index:int},node_id:string,api_port:int}")),
        get(
            "/orphaned_blocks",
            pages::orphaned,
            about(
                "Blocks whose parent is unknown, and those that lost to a reorganisation.",
                "{orphaned_blocks:[Block],count:int}",
                START,
                LIMIT)));
  }

  private static List<Route> addresses(AddressPages pages) {
    return List.of(
        get(
            "/balance/{address}",
            pages::balance,
            about("What an address owns.", "{balance:number,address:string}", ADDRESS)),
        get(
            "/utxos/{address}",
            pages::coins,
            about(
                "The unspent coins of an address, oldest first.",
                "{utxos:[{tx_id:string,output_index:int,amount:number}],count:int,next:int?}",
                ADDRESS,
                START,
                LIMIT)),
        get(
            "/transactions/{address}",
            pages::history,
            about(
                "What an address received and spent, oldest first.",
                "{address:string,transactions:[{tx_id:string,amount:number,block_index:int?,"
                    + "confirmations:int}],next:int?}",
                ADDRESS,
                START,
                LIMIT)));
  }

  private static List<Route> submissions(SubmitPages pages) {
    List<Route> routes = new ArrayList<>();
    for (String path :
        List.of("/add_transaction", "/broadcast_transaction", "/receive_transaction")) {
      routes.add(
          submit(
              path,
              pages::transaction,
              posted(
                  "Offers a transaction, member by member or as hex.", "any", ADDED_TRANSACTION)));
    }
    routes.add(
        get(
            "/transaction_pool",
            pages::pool,
            about(
                "Transactions that wait for a block, in the order in which they came.",
                "{transactions:[Transaction],count:int,next:int?}",
                START,
                LIMIT)));
    routes.add(
        submit(
            "/submit_block",
            pages::block,
            posted(
                "Offers a block, member by member or as hex.",
                "any",
                "{status:string,block_hash:string,chain_length:int}")));
    routes.add(
        write(
            "/mine_block",
            Route.now(pages::mine),
            posted(
                "A block to be mined on top of the chain.",
                "{miner_address:string}",
                "{status:string,block_template:Block,target_difficulty:int}")));
    return routes;
  }

  private static List<Route> peers(PeerPages pages) {
    return List.of(
        get(
            "/peers",
            pages::peers,
            about(
                "Who the node is connected to.",
                "{peers:[string],active_peers:[string],peer_count:int,peer_details:map(Peer)}")),
        get(
            "/getpeers",
            pages::shared,
            about(
                "The 50 best peers.",
                "{status:string,node_id:string,peers:[Peer],count:int,timestamp:number}")),
        write(
            "/addpeer",
            pages::add,
            posted(
                "Has the node connect to an address, such as 10.0.0.5:9333, from now on.",
                "{peer_url:string}",
                "{status:string,peer_url:string,message:string}")),
        write(
            "/discover_peers",
            pages::discover,
            posted(
                "Has the node look for peers now.",
                "",
                "{status:string,discovered_peers:int,active_peers:int}")),
        get(
            "/nodes",
            pages::nodes,
            about("The nodes that the node knows itself.", "{nodes:[any],count:int}")),
        get(
            "/nodes/active",
            pages::activeNodes,
            about("Those of them that it speaks with.", "{nodes:[any],count:int}")),
        get(
            "/nodes/stats",
            pages::network,
            about("What the network's nodes say of themselves, put together.", "{heard:bool}")));
  }

  private static List<Route> status(StatusPages pages, MetricsPage metrics) {
    return List.of(
        get("/status", pages::status, about("How the node is.", Contracts.STATUS)),
        get("/stats", pages::stats, about("What the node counted.", Contracts.STATS)),
        get(
            "/status/detailed",
            pages::detailed,
            about(
                "Difficulty, mempool, tasks and messages.",
                "{genesis_difficulty:int,mining_difficulty:int,current_target_difficulty:int,"
                    + "config_in_sync:bool,difficulty_adjustment_enabled:bool,chain_length:int,"
                    + "pending_transactions:int}")),
        get(
            "/metrics",
            metrics::metrics,
            about("Figures in Prometheus' text format.", "text/plain")),
        get(
            "/health/live",
            metrics::live,
            about("Answers as long as the process does.", "{status:string}")),
        get(
            "/health/ready",
            metrics::ready,
            about("Whether the chain is caught up; 503 if not.", "{status:string,why:string}")));
  }

  private static List<Route> tasks(TaskPages tasks, ConfigPages config) {
    return List.of(
        write(
            "/sync_mempool",
            tasks::mempool,
            posted("Reconciles the mempool with those of the peers now.", "", TASK)),
        write(
            "/sync_network_stats",
            tasks::statistics,
            posted("Exchanges statistics of the network now.", "", TASK)),
        write(
            "/sync_now",
            tasks::chain,
            posted("Compares the chain with those of the peers now.", "", "{status:string}")),
        get(
            "/network_config",
            config::config,
            about("What the network agrees on and the node is set to.", Contracts.CONFIG)),
        write(
            "/config/refresh",
            config::refresh,
            posted(
                "Changes operational settings of the node, or publishes a signed document of them"
                    + " (hex); what is not named stays. Without a body it changes nothing and tells"
                    + " what is in force. Refused with 409: what is consensus.",
                "any",
                "{status:string,settings:map(string)}")),
        write(
            "/difficulty/set",
            config::difficulty,
            posted(
                "Refused with 409: the difficulty is consensus. Sets how often it is reported.",
                "{difficulty:int?,report_interval:int?}",
                "{status:string,settings:map(string)}")));
  }

  private static List<Route> explanations(ExplainPages pages, EventPages events) {
    return List.of(
        get(
            "/explain/{hash}",
            pages::explain,
            about(
                "Why a block or transaction is where it is: the rule, the sender, what is missing.",
                "{status:string,hash:string,kind:string,state:string,why:string,rule:string?,"
                    + "detail:string?,from:string?,missing:string?}",
                Parameter.inPath("hash", "of a block, or a txid or wtxid of a transaction"))),
        get(
            "/proof/{txid}",
            pages::proof,
            about(
                "A Merkle proof that a block of the chain has a transaction.",
                "{status:string,tx_id:string,block_hash:string,block_index:int,merkle_root:string,"
                    + "index:int,siblings:[string],header:string}",
                Parameter.inPath("txid", "the transaction"))),
        get(
            "/events",
            events::events,
            about(
                "What happens, as server-sent events; Last-Event-ID resumes.",
                "text/event-stream",
                Parameter.query(
                    "from", "int", "the cursor to read on from; now if it is left out"))));
  }

  private static List<Route> pages(HumanPages pages) {
    return List.of(
        get("/", pages::dashboard, about("A dashboard.", "text/html")),
        get("/status/human", pages::status, about("How the node is, to be read.", "text/html")));
  }
}
