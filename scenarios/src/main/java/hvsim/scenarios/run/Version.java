package hvsim.scenarios.run;

/** Which hvsim this is. */
public final class Version {
    private Version() {}

    /** As the manifest says; without a manifest, as the sources are. */
    public static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "0.1.0-SNAPSHOT" : version;
    }
}
