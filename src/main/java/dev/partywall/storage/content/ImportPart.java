package dev.partywall.storage.content;

/**
 * A complete part of an import.
 *
 * @param operation the id of the import
 * @param number the position of the part in the file, from 1
 * @param sha256 the hash of its bytes, in base64
 * @param bytes its size
 * @param chunks the number of items that contain its bytes
 * @param upload identifies the request that has sent the part
 */
public record ImportPart(
    String operation, int number, String sha256, long bytes, int chunks, String upload) {}
