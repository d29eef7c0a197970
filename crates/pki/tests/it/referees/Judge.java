import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.*;
import java.util.*;

/** Answers one line per line of the input: what the JDK thinks of certificates in files. */
public class Judge {
    static final Map<String, X509Certificate> READ = new HashMap<>();

    public static void main(String[] arguments) throws Exception {
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var output = new java.io.PrintStream(System.out, false, StandardCharsets.UTF_8);
        for (String line; (line = input.readLine()) != null; ) {
            String[] words = line.split("\t", -1);
            String answer;
            try {
                answer = switch (words[0]) {
                    case "path" -> path(Long.parseLong(words[1]), words[2], words[3], words[4]);
                    case "facts" -> facts(read(words[1]));
                    case "bundle" -> bundle(words[1]);
                    default -> throw new IllegalArgumentException(words[0]);
                };
            } catch (Exception failure) {
                answer = "no\t" + failure.getMessage();
            }
            output.println(answer.replace('\n', ' '));
        }
        output.flush();
    }

    /** A PKIX path to exactly this certificate, from these roots, without revocation. */
    static String path(long at, String target, String roots, String others) throws Exception {
        var anchors = new HashSet<TrustAnchor>();
        for (var root : all(roots)) anchors.add(new TrustAnchor(root, null));
        var selector = new X509CertSelector();
        selector.setCertificate(read(target));
        var parameters = new PKIXBuilderParameters(anchors, selector);
        parameters.setRevocationEnabled(false);
        parameters.setDate(new Date(at * 1000));
        var store = new CollectionCertStoreParameters(all(others));
        parameters.addCertStore(CertStore.getInstance("Collection", store));
        CertPathBuilder.getInstance("PKIX").build(parameters);
        return "ok";
    }

    static String facts(X509Certificate one) throws Exception {
        return String.join("\t", "ok",
            String.valueOf(one.getVersion()),
            one.getSerialNumber().toString(),
            String.valueOf(one.getNotBefore().getTime() / 1000),
            String.valueOf(one.getNotAfter().getTime() / 1000),
            thumbprint(one),
            one.getSubjectX500Principal().getName("RFC2253"));
    }

    static String bundle(String file) throws Exception {
        var factory = CertificateFactory.getInstance("X.509");
        var answer = new StringBuilder("ok");
        try (var input = Files.newInputStream(Path.of(file))) {
            for (var one : factory.generateCertificates(input)) {
                answer.append('\t').append(thumbprint((X509Certificate) one));
            }
        }
        return answer.toString();
    }

    static String thumbprint(X509Certificate one) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-1").digest(one.getEncoded());
        return HexFormat.of().formatHex(hash);
    }

    static List<X509Certificate> all(String files) throws Exception {
        var found = new ArrayList<X509Certificate>();
        for (String file : files.split(",")) if (!file.isEmpty()) found.add(read(file));
        return found;
    }

    static X509Certificate read(String file) throws Exception {
        var known = READ.get(file);
        if (known != null) return known;
        var bytes = new ByteArrayInputStream(Files.readAllBytes(Path.of(file)));
        var read = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(bytes);
        READ.put(file, read);
        return read;
    }
}
