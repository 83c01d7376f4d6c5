/**
 * The HTTP interface of a node: {@link org.chaincore.net.http.ApiHandler} answers requests, whoever
 * brings them; {@link org.chaincore.net.http.HttpServer} is the server that brings them from
 * sockets.
 */
package org.chaincore.net.http;
