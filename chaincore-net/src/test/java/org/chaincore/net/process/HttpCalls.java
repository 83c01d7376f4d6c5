package org.chaincore.net.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Asks a node by its HTTP interface, as anybody would. Thread-safe. */
final class HttpCalls {
  private static final int TIMEOUT_MILLIS = 20_000;

  private final ObjectMapper json = new ObjectMapper();
  private final String base;

  /**
   * Calls to one node.
   *
   * @param address host and port
   */
  HttpCalls(String address) {
    this.base = "http://" + address;
  }

  /** What a path answers, whatever the status. */
  JsonNode get(String path) throws IOException {
    return answer(open(path));
  }

  /**
   * The same.
   *
   * @param isLast whether the connection is to be closed after the answer
   */
  JsonNode get(String path, boolean isLast) throws IOException {
    HttpURLConnection connection = open(path);
    if (isLast) {
      connection.setRequestProperty("Connection", "close");
    }
    return answer(connection);
  }

  /** What a path answers to a body of JSON. */
  JsonNode post(String path, String body) throws IOException {
    HttpURLConnection connection = open(path);
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json");
    connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    return answer(connection);
  }

  private HttpURLConnection open(String path) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(base + path).toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    return connection;
  }

  private JsonNode answer(HttpURLConnection connection) throws IOException {
    boolean isGood = connection.getResponseCode() < 400;
    try (InputStream in = isGood ? connection.getInputStream() : connection.getErrorStream()) {
      return json.readTree(in);
    }
  }
}
