/** The description of the service's API, assembled from the declarations of the capabilities. */
@NullMarked
package dev.partywall.runtime.openapi;

import org.jspecify.annotations.NullMarked;
