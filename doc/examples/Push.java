// SPDX-License-Identifier: Apache-2.0
//
// Pushes a file of JSON records to a Ruku gateway: java Push.java CATEGORY RESOURCE FILE
// RUKU_URL, RUKU_CLIENT_ID and RUKU_CLIENT_SECRET come from the environment. Needs Java 11 or later and nothing besides.
// Prints the gateway's answer. Ends with status 0 when the push is stored, 1 when it is not.

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public final class Push {
    private static final int TRIES = 6;
    private static final Set<Integer> TRY_AGAIN = Set.of(429, 500, 502, 503, 504);
    private static final Pattern TOKEN = Pattern.compile("\"access_token\"\\s*:\\s*\"([^\"]+)\"");

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10)).build();
    private final String base;
    private final String basic;

    private Push(String base, String clientId, String secret) {
        this.base = base.replaceAll("/+$", "");
        this.basic = "Basic " + Base64.getEncoder().encodeToString((clientId + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    private HttpResponse<String> post(String path, String authorization, String type, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofMinutes(10))
                .header("Authorization", authorization).header("Content-Type", type)
                .POST(BodyPublishers.ofByteArray(body)).build();
        return http.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private HttpResponse<String> askToken() throws IOException, InterruptedException {
        return post("/oauth2/token", basic, "application/x-www-form-urlencoded",
                "grant_type=client_credentials".getBytes(StandardCharsets.US_ASCII));
    }

    /** Pushes until there is a final answer; null when none came. Sending the same records again is safe. */
    private HttpResponse<String> push(String path, byte[] body) throws InterruptedException {
        String token = null;
        boolean renewed = false;
        HttpResponse<String> answer = null;
        for (int attempt = 0; attempt < TRIES; attempt++) {
            try {
                if (token == null) {
                    answer = askToken();
                    Matcher found = TOKEN.matcher(answer.body());
                    token = answer.statusCode() == 200 && found.find() ? found.group(1) : null;
                }
                if (token != null) {
                    answer = post(path, "Bearer " + token, "application/json", body);
                    if (answer.statusCode() == 401 && !renewed) {
                        token = null;
                        renewed = true;
                        continue;
                    }
                }
                if (!TRY_AGAIN.contains(answer.statusCode())) {
                    return answer;
                }
            } catch (IOException e) {
                answer = null;
                System.err.println("no answer: " + e);
            }
            if (attempt + 1 < TRIES) {
                long pause = 1L << attempt;
                if (answer != null) {
                    pause = answer.headers().firstValue("Retry-After").filter(v -> v.matches("[0-9]{1,6}"))
                            .map(Long::parseLong).orElse(pause);
                }
                Thread.sleep(pause * 1000);
            }
        }
        return answer;
    }

    private static String setting(String name) {
        String value = System.getenv(name);
        if (value == null || value.isEmpty()) {
            System.err.println("the environment variable " + name + " is not set");
            System.exit(1);
        }
        return value;
    }

    private static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    public static void main(String[] args) throws Exception {
        if (args.length != 3) {
            System.err.println("usage: java Push.java CATEGORY RESOURCE FILE");
            System.exit(64);
        }
        Push push = new Push(setting("RUKU_URL"), setting("RUKU_CLIENT_ID"), setting("RUKU_CLIENT_SECRET"));
        byte[] body = Files.readAllBytes(Path.of(args[2]));
        HttpResponse<String> answer = push.push("/v1/records/" + encode(args[0]) + "/" + encode(args[1]), body);
        boolean stored = answer != null && answer.statusCode() == 200;
        if (stored) {
            System.out.print(answer.body());
        } else if (answer != null) {
            System.err.println("HTTP " + answer.statusCode());
            System.err.print(answer.body());
        }
        System.exit(stored ? 0 : 1);
    }
}
