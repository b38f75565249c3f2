// The light driver of `npm run bench -- replicated`: raw puts as the official client sends them, with nothing around them. Each client has one
// put in flight. `batch` puts whatever waits for a connection into one message of its BatchCommands stream, `unary` makes a call of its own of
// each. Regions come from placement and are asked for anew when a store says that they are elsewhere; such a put is done again, and counts once.
package main

import (
	"context"
	"encoding/binary"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pingcap/kvproto/pkg/errorpb"
	"github.com/pingcap/kvproto/pkg/kvrpcpb"
	"github.com/pingcap/kvproto/pkg/metapb"
	"github.com/pingcap/kvproto/pkg/pdpb"
	"github.com/pingcap/kvproto/pkg/tikvpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

const batchMax = 128

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "failed:", err)
		os.Exit(1)
	}
}

type region struct {
	lower, upper string
	context      *kvrpcpb.Context
	links        []*link
}

// The regions that are known, and the connections to their stores.
type routes struct {
	lock      sync.RWMutex
	regions   []*region
	links     map[uint64][]*link
	pd        pdpb.PDClient
	header    *pdpb.RequestHeader
	conns     int
	questions int64
}

func dial(address string) *grpc.ClientConn {
	conn, err := grpc.Dial(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	check(err)
	return conn
}

// Asks each member who leads, and goes there.
func newRoutes(placements []string, conns int) *routes {
	for attempt := 0; attempt < 100; attempt++ {
		for _, address := range placements {
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			members, err := pdpb.NewPDClient(dial(address)).GetMembers(ctx, &pdpb.GetMembersRequest{})
			cancel()
			if err != nil || members.Leader == nil || len(members.Leader.ClientUrls) == 0 {
				continue
			}
			leader := strings.TrimPrefix(members.Leader.ClientUrls[0], "http://")
			header := &pdpb.RequestHeader{ClusterId: members.Header.ClusterId}
			return &routes{links: map[uint64][]*link{}, pd: pdpb.NewPDClient(dial(leader)), header: header, conns: conns}
		}
		time.Sleep(100 * time.Millisecond)
	}
	check(fmt.Errorf("no leader of placement"))
	return nil
}

func (r *routes) find(key string) *region {
	r.lock.RLock()
	for _, one := range r.regions {
		if one.lower <= key && (one.upper == "" || key < one.upper) {
			r.lock.RUnlock()
			return one
		}
	}
	r.lock.RUnlock()
	return r.ask(key)
}

func (r *routes) ask(key string) *region {
	r.lock.Lock()
	defer r.lock.Unlock()
	for _, one := range r.regions {
		if one.lower <= key && (one.upper == "" || key < one.upper) {
			return one
		}
	}
	for attempt := 0; ; attempt++ {
		r.questions++
		found, err := r.pd.GetRegion(context.Background(), &pdpb.GetRegionRequest{Header: r.header, RegionKey: []byte(key)})
		if err == nil && found.Region != nil && found.Leader != nil && found.Leader.StoreId > 0 {
			made := &region{lower: string(found.Region.StartKey), upper: string(found.Region.EndKey), links: r.store(found.Leader.StoreId)}
			made.context = &kvrpcpb.Context{RegionId: found.Region.Id, RegionEpoch: found.Region.RegionEpoch, Peer: found.Leader}
			r.regions = append(r.regions, made)
			return made
		}
		if attempt > 300 {
			check(fmt.Errorf("no leader of the region: %v %v", found, err))
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (r *routes) store(id uint64) []*link {
	if r.links[id] == nil {
		found, err := r.pd.GetStore(context.Background(), &pdpb.GetStoreRequest{Header: r.header, StoreId: id})
		check(err)
		for i := 0; i < r.conns; i++ {
			r.links[id] = append(r.links[id], newLink(found.Store))
		}
	}
	return r.links[id]
}

func (r *routes) forget(gone *region) {
	r.lock.Lock()
	for i, one := range r.regions {
		if one == gone {
			r.regions = append(append([]*region{}, r.regions[:i]...), r.regions[i+1:]...)
			break
		}
	}
	r.lock.Unlock()
	time.Sleep(20 * time.Millisecond)
}

type call struct {
	request *kvrpcpb.RawPutRequest
	answer  chan *kvrpcpb.RawPutResponse
}

// A connection to a store: calls of its own, and one stream that takes many.
type link struct {
	client  tikvpb.TikvClient
	queue   chan *call
	once    sync.Once
	waiting sync.Map
	next    uint64
}

func newLink(store *metapb.Store) *link {
	return &link{client: tikvpb.NewTikvClient(dial(store.Address)), queue: make(chan *call, 4096)}
}

var messages int64

func (l *link) run() {
	stream, err := l.client.BatchCommands(context.Background())
	check(err)
	go func() {
		for {
			message, err := stream.Recv()
			check(err)
			for i, id := range message.RequestIds {
				waiting, _ := l.waiting.LoadAndDelete(id)
				waiting.(*call).answer <- message.Responses[i].GetRawPut()
			}
		}
	}()
	go func() {
		for first := range l.queue {
			message := &tikvpb.BatchCommandsRequest{}
			for one := first; one != nil; {
				l.next++
				l.waiting.Store(l.next, one)
				message.RequestIds = append(message.RequestIds, l.next)
				message.Requests = append(message.Requests, &tikvpb.BatchCommandsRequest_Request{Cmd: &tikvpb.BatchCommandsRequest_Request_RawPut{RawPut: one.request}})
				one = nil
				if len(message.Requests) < batchMax {
					select {
					case one = <-l.queue:
					default:
					}
				}
			}
			atomic.AddInt64(&messages, 1)
			check(stream.Send(message))
		}
	}()
}

func (l *link) put(one *call, batch bool) (*kvrpcpb.RawPutResponse, error) {
	if !batch {
		return l.client.RawPut(context.Background(), one.request)
	}
	l.once.Do(l.run)
	l.queue <- one
	return <-one.answer, nil
}

func passing(err *errorpb.Error) bool {
	return err.NotLeader != nil || err.EpochNotMatch != nil || err.RegionNotFound != nil || err.ServerIsBusy != nil || err.StaleCommand != nil
}

func main() {
	placement := flag.String("placement", "", "members of placement, host:port, with commas")
	clients := flag.Int("clients", 16, "puts in flight")
	conns := flag.Int("conns", 4, "connections to each store")
	total := flag.Int("total", 100000, "puts")
	keySize := flag.Int("key-size", 16, "")
	valueSize := flag.Int("val-size", 100, "")
	keys := flag.Int("key-space-size", 1000000, "different keys")
	mode := flag.String("mode", "batch", "batch or unary")
	flag.Parse()
	routes := newRoutes(strings.Split(*placement, ","), *conns)
	value := make([]byte, *valueSize)
	rand.Read(value)
	var done, again int64
	times := make([][]time.Duration, *clients)
	var group sync.WaitGroup
	began := time.Now()
	for client := 0; client < *clients; client++ {
		group.Add(1)
		go func(client int) {
			defer group.Done()
			random := rand.New(rand.NewSource(int64(client)))
			one := &call{answer: make(chan *kvrpcpb.RawPutResponse, 1)}
			for atomic.AddInt64(&done, 1) <= int64(*total) {
				key := make([]byte, *keySize)
				binary.BigEndian.PutUint64(key[*keySize-8:], uint64(random.Intn(*keys)))
				key[0] = 'k'
				start := time.Now()
				for {
					region := routes.find(string(key))
					one.request = &kvrpcpb.RawPutRequest{Context: region.context, Key: key, Value: value}
					answer, err := region.links[client%*conns].put(one, *mode == "batch")
					check(err)
					if answer.RegionError == nil {
						if answer.Error != "" {
							check(fmt.Errorf("%s", answer.Error))
						}
						break
					}
					if !passing(answer.RegionError) {
						check(fmt.Errorf("%v", answer.RegionError))
					}
					atomic.AddInt64(&again, 1)
					routes.forget(region)
				}
				times[client] = append(times[client], time.Since(start))
			}
		}(client)
	}
	group.Wait()
	took := time.Since(began)
	all := []time.Duration{}
	for _, some := range times {
		all = append(all, some...)
	}
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	ms := func(share float64) float64 { return float64(all[int(share*float64(len(all)-1))].Microseconds()) / 1000 }
	fmt.Printf("Requests/sec: %.1f p50 %.2f p99 %.2f max %.2f ms again %d messages %d\n", float64(len(all))/took.Seconds(), ms(0.5), ms(0.99), ms(1), again, messages)
}
