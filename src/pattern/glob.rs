//! glob.
