"""The embedded DHIS2: a demonstration server of its own, met over HTTP and imported by nobody."""
