import {
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from "@tanstack/react-query";

import { desks, type Desks } from "./link.ts";

/**
 * A view model from the worker. `key` begins with its topic (`caseload`, `record`, `calendar`, …): a change of that topic,
 * here or heard from elsewhere, fetches it again. With `staleTime` 0 so does whoever comes back: of some things no hint tells.
 */
export function useView<T>(
  key: readonly (string | number | null)[],
  read: (desks: Desks) => Promise<T>,
  options: { enabled?: boolean; staleTime?: number } = {},
): UseQueryResult<T> {
  return useQuery({ queryKey: key, queryFn: async () => read(await desks()), ...options });
}

/** Something that the worker does; the topics are fetched again when it is done. */
export function useAct<A, T>(
  act: (desks: Desks, wish: A) => Promise<T>,
  topics: readonly (readonly (string | number | null)[])[] = [],
): UseMutationResult<T, Error, A> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (wish: A) => act(await desks(), wish),
    onSuccess: async () => {
      await Promise.all(topics.map((queryKey) => client.invalidateQueries({ queryKey })));
    },
  });
}
